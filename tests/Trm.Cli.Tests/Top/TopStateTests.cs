using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Trm.Cli.Output;
using Trm.Cli.Top;

namespace Trm.Cli.Tests.Top;

public sealed class TopStateTests : HttpMessageHandler
{
    private static readonly Uri Url = new("http://desk.example:8000");

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero));
    private readonly TopState state;
    private readonly ServiceClient client;
    private readonly List<string> asked = [];
    private readonly Guid epoch = Guid.NewGuid();
    private HttpStatusCode? refusal;
    private string? authorization;
    private long sequence = 100;
    private long sent = 5_000;

    public TopStateTests()
    {
        state = new TopState(Url, time);
        client = new ServiceClient(new HttpClient(this) { BaseAddress = Url }, "trm_key");
    }

    [Fact]
    public async Task A_service_is_shown_with_its_markets_rates_latencies_and_connections()
    {
        await LookAsync();
        (sequence, sent) = (110, 6_000);
        await LookAsync(after: 5);

        var lines = Shown();

        Assert.Equal("http://desk.example:8000  2026-11-26 10:00:05 UTC", lines[0]);
        Assert.Equal("ok  version 0.1.0  up 1 h 1 min", lines[1]);
        Assert.Equal("connections  12 (10 websocket, 2 sse)", lines[2]);
        Assert.Equal("messages     200.0/s sent, 0.0/s conflated, 0.0/s dropped", lines[3]);
        Assert.Equal("latency      p50 0.41 ms, p99 1.20 ms, max 8.00 ms, snapshot to socket, 5000 since the start", lines[4]);
        Assert.Matches(@"us-equities +aggressive_growth +54\.3 % +110 +3\.0 s +2\.0/s +replay +shipped@0123456789ab", lines[^2]);
        Assert.Matches(@"quiet +- +- +0 +- +0\.0/s +- +-$", lines[^1]);
        Assert.Equal("Bearer trm_key", authorization);
    }

    [Fact]
    public async Task Before_a_second_look_there_are_no_rates()
    {
        await LookAsync();

        Assert.Equal("messages     -", Shown()[3]);
        Assert.Null(state.Rate(state.Sample!.Markets[0].Market));
    }

    [Fact]
    public async Task Only_new_predictions_are_asked_for()
    {
        await LookAsync();
        await LookAsync(after: 1);
        sequence++;
        await LookAsync(after: 1);

        Assert.Equal(2, asked.Count(path => path == "/api/markets/us-equities/latest"));
        Assert.DoesNotContain("/api/markets/quiet/latest", asked);
    }

    [Fact]
    public async Task While_the_service_is_away_its_last_figures_stay_and_it_is_asked_on()
    {
        await LookAsync();
        refusal = HttpStatusCode.BadGateway;
        await LookAsync(after: 1);
        await LookAsync(after: 1);

        var away = Shown();
        Assert.StartsWith("no answer since 10:00:01 UTC: http://desk.example:8000/ answers 502 to /api/health; asking on", away[1]);
        Assert.Contains("us-equities", away[^2]);

        refusal = null;
        await LookAsync(after: 1);
        Assert.Null(state.Fault);
    }

    [Fact]
    public async Task A_refused_key_is_told_and_never_repeated()
    {
        refusal = HttpStatusCode.Unauthorized;
        await LookAsync();

        Assert.Contains("give one with --key or TRM_KEY", state.Fault);
        Assert.DoesNotContain("trm_key", state.Fault);
    }

    [Fact]
    public async Task A_service_that_started_over_has_no_negative_rate()
    {
        await LookAsync();
        sent = 10;
        await LookAsync(after: 1);
        Assert.Null(state.MessageRates);
        sent = 20;
        await LookAsync(after: 1);
        Assert.Equal(10, state.MessageRates!.Value.Sent);
    }

    [Fact]
    public async Task Each_look_is_one_JSON_object()
    {
        await LookAsync();
        sequence += 30;
        await LookAsync(after: 60);
        var json = Json();
        Assert.True(json.GetProperty("answers").GetBoolean());
        Assert.Equal(0.5, json.GetProperty("markets")[0].GetProperty("predictions_per_second").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("markets")[1].GetProperty("strategy_name").ValueKind);
        Assert.Equal(1.2, json.GetProperty("snapshot_to_socket").GetProperty("p99_ms").GetDouble());

        refusal = HttpStatusCode.BadGateway;
        await LookAsync(after: 1);
        Assert.False(Json().GetProperty("answers").GetBoolean());
        Assert.False(Json().TryGetProperty("markets", out _));
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        asked.Add(path);
        authorization = request.Headers.Authorization?.ToString();
        if (refusal is { } status) return Task.FromResult(new HttpResponseMessage(status));
        var json = path == "/api/health"
            ? $$"""
              {"status":"ok","version":"0.1.0","uptime_seconds":3660,
               "markets":[{"market":"us-equities","epoch":"{{epoch}}","sequence":{{sequence}},"timestamp":"2026-11-26T10:00:00Z","age_seconds":3.0},
                          {"market":"quiet","epoch":"{{epoch}}","sequence":0,"timestamp":null,"age_seconds":null}],
               "connections":{"total":12,"websocket":10,"sse":2},"messages":{"sent":{{sent}},"conflated":3,"dropped":0 },
               "snapshot_to_socket":{"count":5000,"p50_ms":0.41,"p99_ms":1.2,"max_ms":8}
              }
              """
            : $$"""
              {"strategy_name":"aggressive_growth","confidence":0.5432,"market":"us-equities","epoch":"{{epoch}}","sequence":{{sequence}},
               "source":"replay","model_version":"shipped@0123456789ab"}
              """;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
    }

    private Task LookAsync(double after = 0)
    {
        time.Advance(TimeSpan.FromSeconds(after));
        return state.LookAsync(client, TestContext.Current.CancellationToken);
    }

    private string[] Shown()
    {
        using var text = new StringWriter();
        Screen.Plain(text, width: 160).Write(TopView.Render(state));
        return [.. text.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    private JsonElement Json()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) TopJson.Write(json, state);
        return JsonSerializer.Deserialize<JsonElement>(buffer.ToArray());
    }
}
