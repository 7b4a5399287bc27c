using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Trm.Bench.Chaos.Silence;
using Trm.Core;

namespace Trm.Bench.Chaos.Clients;

/// <summary>
/// One client: takes every sequence of its markets, and when its connection ends goes to the next gateway and resumes. This file
/// is its connections; what it makes of messages is beside it.
/// </summary>
internal sealed partial class ChaosClient(int number, IReadOnlyList<Uri> gateways, ClientLedger ledger, SilenceBook silences, FleetNotes notes, TimeProvider time)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>A gateway that says less than this is gone: it sends a heartbeat every 30 s.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly byte[] buffer = new byte[64 * 1024];

    public ClientLedger Ledger => ledger;

    /// <summary>Connects and resumes until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        for (var attempt = number; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                await TalkAsync(gateways[attempt % gateways.Count], stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is WebSocketException or HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                notes.Disconnected(error is OperationCanceledException ? "silent" : "lost");
            }
            catch (Exception error) when (error is TrmException or JsonException or KeyNotFoundException)
            {
                notes.Unreadable(number, error.Message);
            }
            pause = ledger.IsSubscribed ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            ledger.Connected();
            // Each a little differently, so that they do not all come at once.
            await Task.Delay(pause * (0.5 + (number % 16 / 16.0)), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(Uri gateway, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = OpenAsync };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        using (var limit = new CancellationTokenSource(ConnectLimit, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token))
        {
            var address = new UriBuilder(gateway) { Scheme = "ws", Path = $"/ws/chaos-{number}" }.Uri;
            await socket.ConnectAsync(address, invoker, either.Token).ConfigureAwait(false);
            ledger.Connected();
            foreach (var request in Requests()) await socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, either.Token).ConfigureAwait(false);
        }
        await ReceiveAsync(socket, stop).ConfigureAwait(false);
    }

    private IEnumerable<byte[]> Requests() =>
        Subscriptions.Unsubscribe(Enumerable.Range(0, ledger.MarketCount).Except(ledger.Wanted)).Concat(Subscriptions.Subscribe(ledger));

    private async Task ReceiveAsync(ClientWebSocket socket, CancellationToken stop)
    {
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, idle.Token);
        var watchedAt = time.GetTimestamp();
        idle.CancelAfter(IdleLimit);
        while (true)
        {
            var used = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(used), either.Token).ConfigureAwait(false);
                used += result.Count;
            }
            while (!result.EndOfMessage);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                notes.Disconnected($"closed {(int?)socket.CloseStatus}");
                return;
            }
            var now = time.GetTimestamp();
            if (!Take(buffer.AsSpan(0, used), now)) return;
            // Moved now and then: a timer for each message would cost more than the message.
            if (time.GetElapsedTime(watchedAt, now) < TimeSpan.FromSeconds(1)) continue;
            watchedAt = now;
            idle.CancelAfter(IdleLimit);
        }
    }

    private static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            return new ReadAheadStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
