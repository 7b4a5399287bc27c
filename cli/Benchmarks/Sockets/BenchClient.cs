using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Trm.Cli.Commands;
using Trm.Core;
using Trm.Core.Telemetry;

namespace Trm.Cli.Benchmarks.Sockets;

/// <summary>One dashboard of <see cref="SocketsBench"/>: takes every prediction and records how old it is.</summary>
internal sealed class BenchClient(Uri server, int number, LatencyHistogram latency) : IDisposable
{
    private static readonly byte[] Prediction = Encoding.ASCII.GetBytes("{\"type\":\"trm_prediction\",\"timestamp\":\"");

    private readonly ClientWebSocket socket = new();
    private bool first = true;

    public long Received { get; private set; }

    public Task ConnectAsync(CancellationToken cancellation)
    {
        var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = $"/ws/bench-{number}" };
        return socket.ConnectAsync(address.Uri, cancellation);
    }

    public async Task ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var used = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await socket.ReceiveAsync(buffer.AsMemory(used), cancellation).ConfigureAwait(false);
                    used += result.Count;
                }
                while (!result.EndOfMessage);
                if (result.MessageType == WebSocketMessageType.Close)
                    throw new TrmException("closed", $"the server closed client {number}: {socket.CloseStatus} {socket.CloseStatusDescription}");
                Count(buffer.AsSpan(0, used));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    public void Dispose() => socket.Dispose();

    // The latest prediction on connect was made before: it is not counted.
    private void Count(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith(Prediction)) return;
        if (first)
        {
            first = false;
            return;
        }
        var text = message.Slice(Prediction.Length, 27);
        var made = DateTimeOffset.Parse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture);
        latency.Record(CommandContext.Time.GetUtcNow() - made);
        Received++;
    }
}
