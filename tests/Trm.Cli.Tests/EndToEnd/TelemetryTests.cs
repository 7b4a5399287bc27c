using System.Net;
using Trm.Cli.Tests.Support;
using Trm.Tests.Telemetry;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class TelemetryTests : IDisposable
{
    private static readonly string[] Way = ["trm.snapshot", "trm.predict", "trm.queue", "trm.infer", "trm.append", "trm.publish", "trm.deliver"];

    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(90));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_prediction_is_one_trace_from_the_source_to_the_socket_and_its_id_is_in_the_message()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var (server, address) = await TrmProcess.ServeAsync(
            folder.Path, [.. receiver.Environment, OtlpReceiver.EveryPredictionWaits], "--source", "simulated", "--interval", "0.5");
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
        await client.NextAsync("trm_prediction", limit.Token); // it may be older than the connection
        var told = await client.NextAsync("trm_prediction", limit.Token);

        var id = told.GetProperty("data").GetProperty("trace_id").GetString();
        var trace = await receiver.TraceAsync(Way, limit.Token, trace => trace[0].TraceId == id);

        Assert.Equal(Way, trace.Select(span => span.Name));
        Assert.Equal(["", "trm.snapshot", "trm.predict", "trm.predict", "trm.snapshot", "trm.snapshot", "trm.snapshot"], OtlpSpan.ParentsOf(trace));
        Assert.All(trace, span => Assert.Equal("trm", span.Service));
    }

    [Fact]
    public async Task Traces_alone_go_where_only_they_are_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, receiver.TracesEnvironment, "--source", "simulated", "--interval", "0.5");
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);

        await receiver.TraceAsync([.. Way.Except(["trm.queue"])], limit.Token);

        Assert.Empty(receiver.Units);
    }

    [Fact]
    public async Task Every_metric_of_the_design_arrives_with_its_unit()
    {
        var ingested = await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], 80)]);
        Assert.Equal(0, ingested.Code);
        await using var receiver = await OtlpReceiver.StartAsync();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, receiver.Environment, "--interval", "0.5");
        await using var _ = server;
        using (var gone = await SocketClient.ConnectAsync(address, "gone", limit.Token)) await gone.NextAsync("trm_prediction", limit.Token);
        using var client = await SocketClient.ConnectAsync(address, "stays", limit.Token);
        var units = new Dictionary<string, string>
        {
            ["trm.predictions"] = "{prediction}",
            ["trm.inference.duration"] = "s",
            ["trm.inference.batch_size"] = "{prediction}",
            ["trm.inference.queue.duration"] = "s",
            ["trm.snapshot_to_socket.duration"] = "s",
            ["trm.append.duration"] = "s",
            ["trm.market.staleness"] = "s",
            ["trm.gateway.connections"] = "{connection}",
            ["trm.gateway.disconnections"] = "{connection}",
            ["trm.gateway.messages"] = "{message}",
        };

        await receiver.MetricsAsync(units.Keys, limit.Token);

        Assert.All(units, unit => Assert.Equal(unit.Value, receiver.Units[unit.Key]));
    }

    [Fact]
    public async Task Prometheus_finds_the_metrics_where_they_are_asked_for_and_nowhere_else()
    {
        var (silent, closed) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.5");
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(closed, "/metrics"), limit.Token)).StatusCode);
        await silent.DisposeAsync();

        var (server, address) = await TrmProcess.ServeAsync(folder.Path, [("TRM__TELEMETRY__PROMETHEUS", "true")], "--interval", "0.5");
        await using var _ = server;
        using (var client = await SocketClient.ConnectAsync(address, "desk", limit.Token)) await client.NextAsync("trm_prediction", limit.Token);
        var text = await http.GetStringAsync(new Uri(address, "/metrics"), limit.Token);

        Assert.Contains("trm_predictions_total{", text, StringComparison.Ordinal);
        Assert.Contains("trm_inference_duration_seconds_bucket{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_keys_only_an_operator_who_sees_every_market_reads_the_metrics()
    {
        var read = await KeyAsync("desk");
        var one = await KeyAsync("one", "--scope", "operate", "--market", "us-equities");
        var all = await KeyAsync("all", "--scope", "operate");
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, [("TRM__TELEMETRY__PROMETHEUS", "true")]);
        await using var _ = server;

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(read));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(one));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(all));

        async Task<HttpStatusCode> AskAsync(string? key)
        {
            using var http = new HttpClient();
            if (key is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            return (await http.GetAsync(new Uri(address, "/metrics"), limit.Token)).StatusCode;
        }
    }

    [Fact]
    public async Task Health_answers_by_its_exit_code_and_says_why_not()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.5");
        await using var _ = server;
        using (var client = await SocketClient.ConnectAsync(address, "desk", limit.Token)) await client.NextAsync("trm_prediction", limit.Token);

        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["health", address.ToString()])).Code);
        await server.KillAsync();
        var gone = await TrmProcess.RunAsync(folder.Path, ["health", address.ToString()]);
        Assert.Equal(1, gone.Code);
        Assert.Contains("is not ready: it does not listen yet", gone.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await TrmProcess.RunAsync(folder.Path, ["health", "nowhere"])).Code);
    }

    private async Task<string> KeyAsync(params string[] arguments)
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["keys", "add", .. arguments]);
        Assert.True(code == 0, errors);
        return output.Trim();
    }
}
