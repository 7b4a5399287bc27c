using System.CommandLine;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Trm.Cli.Commands;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Telemetry;
using Trm.Hosting;

namespace Trm.Cli.Benchmarks.Sockets;

/// <summary><c>trm bench sockets</c>: what clients of a running service see.</summary>
internal static class SocketsBench
{
    private static readonly Option<string> Url = new("--url") { Description = "The server; default http://localhost:8000", HelpName = "url", DefaultValueFactory = _ => "http://localhost:8000" };
    private static readonly Option<int> Clients = new("--clients") { Description = "WebSocket clients; default 100", HelpName = "n", DefaultValueFactory = _ => 100 };
    private static readonly Option<double> Duration = new("--duration") { Description = "Seconds; default 20", HelpName = "seconds", DefaultValueFactory = _ => 20 };

    public static Command Create() => CommandRunner.Create(
        "sockets",
        "Connect clients to a running 'trm serve' and report deliveries and latencies: the server's own and the clients'.",
        [],
        [Url, Clients, Duration, SettingOptions.Json],
        RunAsync);

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
            JsonOutput.Write(writer =>
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
}
