using System.CommandLine;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Telemetry;

namespace Trm.Cli.Commands;

/// <summary><c>trm bench …</c>: measurements whose figures the documents quote.</summary>
internal static class BenchCommand
{
    private static readonly Option<string> Url = new("--url") { Description = "The server; default http://localhost:8000", HelpName = "url", DefaultValueFactory = _ => "http://localhost:8000" };
    private static readonly Option<int> Clients = new("--clients") { Description = "WebSocket clients; default 100", HelpName = "n", DefaultValueFactory = _ => 100 };
    private static readonly Option<double> Duration = new("--duration") { Description = "Seconds; default 20", HelpName = "seconds", DefaultValueFactory = _ => 20 };

    public static Command Create() => new("bench", "Measure.")
    {
        CommandRunner.Create(
            "sockets",
            "Connect clients to a running 'trm serve' and report deliveries and latencies: the server's own and the clients'.",
            [],
            [Url, Clients, Duration, SettingOptions.Json],
            RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context)
    {
        var count = context.Line.GetValue(Clients);
        if (count is < 1 or > 20_000) throw new UsageException($"--clients {count} is not between 1 and 20000");
        if (!Uri.TryCreate(context.Line.GetValue(Url), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new UsageException($"--url {context.Line.GetValue(Url)} is not an http address");
        var duration = TrmSettings.Duration(context.Line.GetValue(Duration));

        var latency = new LatencyHistogram();
        var clients = Enumerable.Range(0, count).Select(i => new BenchClient(server, i, latency)).ToArray();
        try
        {
            foreach (var client in clients) await client.ConnectAsync(context.Cancellation).ConfigureAwait(false);
        }
        catch (WebSocketException error)
        {
            throw new TrmException("no_server", $"nothing answers at {server}; start 'trm serve' there first", error);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        stop.CancelAfter(duration);
        await Task.WhenAll(clients.Select(c => c.ReceiveAsync(stop.Token))).ConfigureAwait(false);

        using var http = new HttpClient();
        var health = JsonDocument.Parse(await http.GetStringAsync(new Uri(server, "/api/health"), context.Cancellation).ConfigureAwait(false));
        Report(context.Json, clients, latency, health.RootElement.GetProperty("snapshot_to_socket"), duration);
        foreach (var client in clients) client.Dispose();
        return CommandRunner.Done;
    }

    private static void Report(bool json, BenchClient[] clients, LatencyHistogram latency, JsonElement server, TimeSpan duration)
    {
        var received = clients.Select(c => c.Received).ToArray();
        if (json)
        {
            Output.JsonOutput.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("clients", clients.Length);
                writer.WriteNumber("messages", received.Sum());
                writer.WriteNumber("client_p50_ms", latency.Percentile(0.5).TotalMilliseconds);
                writer.WriteNumber("client_p99_ms", latency.Percentile(0.99).TotalMilliseconds);
                writer.WritePropertyName("server_snapshot_to_socket");
                server.WriteTo(writer);
                writer.WriteEndObject();
            });
            return;
        }
        Line($"{clients.Length} clients, {received.Sum()} predictions in {duration.TotalSeconds:0.#} s ({received.Sum() / duration.TotalSeconds:0}/s); per client {received.Min()} to {received.Max()}");
        Line($"made to received, as the clients see it: p50 {latency.Percentile(0.5).TotalMilliseconds:0.00} ms, p99 {latency.Percentile(0.99).TotalMilliseconds:0.00} ms, max {latency.Max.TotalMilliseconds:0.00} ms");
        Line($"snapshot to socket, the server's own histogram: {server.GetRawText()}");

        static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class BenchClient(Uri server, int number, LatencyHistogram latency) : IDisposable
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
}
