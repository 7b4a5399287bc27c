using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Gateway.Bars;
using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Rest;

public sealed class RestTests
{
    [Theory]
    [InlineData("", "11,12,13,14,15,16,17,18,19,20", null, 10)]
    [InlineData("?limit=2", "19,20", null, 2)]
    [InlineData("?after=0&limit=3", "1,2,3", 3, 3)]
    [InlineData("?after=17&limit=3", "18,19,20", null, 3)]
    [InlineData("?after=16&limit=3", "17,18,19", 19, 3)]
    [InlineData("?after=20", "", null, 0)]
    [InlineData("?before=4", "1,2,3", null, 3)]
    [InlineData("?after=1&before=5&limit=2", "2,3", 3, 2)]
    [InlineData("?after=1&before=4&limit=2", "2,3", null, 2)]
    public async Task A_range_of_predictions_is_ascending_and_says_how_to_go_on(string query, string sequences, int? next, int count)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        if (query.Length == 0) query = "?limit=10";
        var page = await JsonAsync(host, $"/api/markets/m/predictions{query}");
        Assert.Equal("m", page.GetProperty("market").GetString());
        Assert.Equal(Samples.Epoch, page.GetProperty("epoch").GetGuid());
        Assert.Equal(sequences, string.Join(',', page.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("sequence").GetInt64())));
        Assert.Equal(count, page.GetProperty("predictions").GetArrayLength());
        Assert.Equal(next, page.GetProperty("next_after").ValueKind == JsonValueKind.Null ? null : page.GetProperty("next_after").GetInt32());
    }

    [Fact]
    public async Task The_latest_is_the_messages_data()
    {
        await using var host = await GatewayHost.StartAsync();
        await ProblemAsync(await host.Http.GetAsync("/api/markets/m/latest"), 404, "no_prediction");
        host.Feed.Publish(count: 2);
        Assert.Equal(Encoding.UTF8.GetString(PredictionJson.Data(Samples.Prediction("m", 2))), await host.Http.GetStringAsync("/api/markets/m/latest"));
    }

    [Theory]
    [InlineData("/api/markets/nowhere/latest", 404, "unknown_market")]
    [InlineData("/api/markets/nowhere/predictions", 404, "unknown_market")]
    [InlineData("/api/markets/nowhere/summary", 404, "unknown_market")]
    [InlineData("/api/markets/nowhere/stream", 404, "unknown_market")]
    [InlineData("/api/markets/m/predictions?limit=0", 400, "invalid_limit")]
    [InlineData("/api/markets/m/predictions?limit=5001", 400, "invalid_limit")]
    [InlineData("/api/markets/m/predictions?after=x", 400, "bad_request")]
    [InlineData("/api/markets/nowhere/outcomes", 404, "unknown_market")]
    [InlineData("/api/markets/m/outcomes?limit=0", 400, "invalid_limit")]
    [InlineData("/api/markets/m/outcomes?limit=5001", 400, "invalid_limit")]
    [InlineData("/api/markets/m/outcomes?after=17", 400, "invalid_date")]
    [InlineData("/api/markets/m/outcomes?before=1/2/2015", 400, "invalid_date")]
    [InlineData("/api/markets/m/stream?delivery=fast", 400, "bad_delivery")]
    [InlineData("/api/markets/m/stream?last_event_id=17", 400, "bad_last_event_id")]
    [InlineData("/api/nothing", 404, "not_found")]
    [InlineData("/api/predict", 405, "method_not_allowed")]
    [InlineData("/api/model", 501, "no_model")]
    [InlineData("/ws/me", 426, "websocket_required")]
    public async Task Every_error_is_a_problem_with_a_code(string path, int status, string code)
    {
        await using var host = await GatewayHost.StartAsync();
        await ProblemAsync(await host.Http.GetAsync(path), status, code);
    }

    [Fact]
    public async Task A_failure_inside_tells_no_details()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Failure = new InvalidOperationException("secret detail");
        var problem = await ProblemAsync(await host.Http.GetAsync("/api/markets/m/latest"), 500, "internal_error");
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markets_and_summaries_are_listed()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        host.Feed.Publish("a", 3);
        host.Feed.Publish("b", 2);
        var markets = await JsonAsync(host, "/api/markets");
        Assert.Equal(["a", "b"], markets.EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
        Assert.Equal(3, markets[0].GetProperty("sequence").GetInt64());
        Assert.Equal("VIX", markets[0].GetProperty("volatility_index").GetString());
        Assert.Equal("a", markets[0].GetProperty("name").GetString());
        Assert.Equal("America/New_York", markets[0].GetProperty("time_zone").GetString());
        Assert.Equal(2, (await JsonAsync(host, "/api/markets/b/summary")).GetProperty("total_predictions").GetInt32());
        Assert.Equal(5, (await JsonAsync(host, "/api/trm/summary")).GetProperty("total_predictions").GetInt32());
    }

    [Fact]
    public async Task Health_says_how_it_is_doing()
    {
        var time = new FakeTimeProvider(Samples.Start);
        await using var host = await GatewayHost.StartAsync(time: time);
        time.Advance(TimeSpan.FromSeconds(90));
        var starting = await JsonAsync(host, "/api/health");
        Assert.Equal(90, starting.GetProperty("uptime_seconds").GetDouble());
        Assert.Equal("starting", starting.GetProperty("status").GetString());
        host.Feed.Publish(count: 17);
        await using var client = await host.ConnectAsync();
        await client.NextAsync();
        time.Advance(TimeSpan.FromSeconds(5.123456));
        var sent = starting.GetProperty("messages").GetProperty("sent").GetInt64();
        await GatewayHost.UntilAsync(() => MessageCount.SentTotal > sent); // A message is counted after it is written.
        var health = await JsonAsync(host, "/api/health");
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(17, health.GetProperty("markets")[0].GetProperty("sequence").GetInt64());
        Assert.Equal(95, health.GetProperty("markets")[0].GetProperty("age_seconds").GetDouble(), 6);
        Assert.Equal(1, health.GetProperty("connections").GetProperty("websocket").GetInt32());
        Assert.True(health.GetProperty("messages").GetProperty("sent").GetInt64() > sent);
        Assert.True(health.GetProperty("snapshot_to_socket").TryGetProperty("p99_ms", out _));
        Assert.Matches(@"^\d+\.\d+\.\d+", health.GetProperty("version").GetString()!);
    }

    [Fact]
    public async Task Ready_follows_the_hosts_checks_and_live_does_not()
    {
        var check = new Check();
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IReadinessCheck>(check));
        Assert.Equal("ready", (await JsonAsync(host, "/health/ready")).GetProperty("status").GetString());
        check.Result = new ReadinessResult(false, "no model");
        var problem = await ProblemAsync(await host.Http.GetAsync("/health/ready"), 503, "not_ready");
        Assert.Contains("database: no model", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("degraded", (await JsonAsync(host, "/api/health")).GetProperty("status").GetString());
        Assert.Equal("live", (await JsonAsync(host, "/health/live")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("[14.5,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95]")]
    [InlineData("{\"features\":[14.5,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95]}")]
    [InlineData("{\"spy_returns_5d\":-0.02,\"vix\":14.5,\"spy_returns_20d\":-0.05,\"volume_ratio\":1.1,\"market_breadth\":0.45,\"correlation\":0.28,\"put_call_ratio\":1.3,\"gini_coefficient\":0.99,\"sector_dispersion\":0.03,\"signal_quality\":0.95}")]
    public async Task A_prediction_from_features_has_the_messages_fields(string body)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, Predictor>());
        var response = await host.Http.PostAsync("/api/predict", Json(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var output = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("defensive", output.GetProperty("strategy_name").GetString());
        Assert.Equal(-0.02, output.GetProperty("raw_features")[1].GetDouble());
        Assert.Equal("1.0.0+abc", output.GetProperty("model_version").GetString());
    }

    [Theory]
    [InlineData("[1,2,3]", "invalid_features", "3 features given")]
    [InlineData("{\"vix\":1}", "invalid_features", "missing features: spy_returns_5d")]
    [InlineData("{\"vix\":1,\"moon\":2}", "invalid_features", "unknown features: moon")]
    [InlineData("[1,2,3,4,\"x\",6,7,8,9,10]", "invalid_features", "market_breadth is \"x\"")]
    [InlineData("[1,2,3,4,1e999,6,7,8,9,10]", "invalid_features", "market_breadth")]
    [InlineData("[1,2,3,4,NaN,6,7,8,9,10]", "bad_json", "not JSON")]
    [InlineData("5", "invalid_features", "array of 10")]
    [InlineData("{\"\\ud800\":1}", "invalid_features", "not Unicode")]
    [InlineData("", "bad_json", "not JSON")]
    public async Task Bad_features_are_named(string body, string code, string detail)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, Predictor>());
        var problem = await ProblemAsync(await host.Http.PostAsync("/api/predict", Json(body)), 400, code);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_no_ten_features_need_is_refused()
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, Predictor>());
        await ProblemAsync(await host.Http.PostAsync("/api/predict", Json("[".PadRight(70_000) + "]")), 413, "payload_too_large");
    }

    [Fact]
    public async Task The_model_is_described()
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, Predictor>());
        var model = await JsonAsync(host, "/api/model");
        Assert.Equal(42, model.GetProperty("effective_depth").GetInt32());
        Assert.Equal("2010-01-04", model.GetProperty("trained_from").GetString());
        Assert.Equal(8, model.GetProperty("strategies").GetArrayLength());
        Assert.Equal(FeatureNames.All, model.GetProperty("feature_names").EnumerateArray().Select(f => f.GetString()!));
    }

    [Theory]
    [InlineData("/api/predict", "text/plain")]
    [InlineData("/api/predict", null)]
    [InlineData("/api/markets/m/bars", "text/plain")]
    [InlineData("/api/markets/m/bars", "application/x-www-form-urlencoded")]
    [InlineData("/api/markets/m/bars", null)]
    public async Task A_type_that_a_foreign_page_could_send_unasked_is_refused(string path, string? type)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, Predictor>().AddSingleton<IBarReceiver, Receiver>());
        using var content = new ByteArrayContent("[]"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        await ProblemAsync(await host.Http.PostAsync(path, content), 415, "unsupported_media_type");
    }

    [Fact]
    public async Task Pushed_bars_are_counted_and_bad_ones_named_by_their_index()
    {
        var receiver = new Receiver();
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IBarReceiver>(receiver));
        const string Good = """{"date":"2022-12-30","symbol":"spy","open":1,"high":2,"low":0.5,"close":1.5,"volume":10}""";
        var body = $$"""{"bars":[5,{{Good}},{"date":"30.12.2022"},{{Good.Replace("\"spy\"", "\"BAD\"", StringComparison.Ordinal)}},{{Good.Replace("1.5", "\"NaN\"", StringComparison.Ordinal)}}]}""";
        var result = JsonDocument.Parse(await (await host.Http.PostAsync("/api/markets/m/bars", Json(body))).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(1, result.GetProperty("added").GetInt32());
        Assert.Equal(
            ["0 not an object", "2 date must be a string like 2022-12-30", "3 no such symbol", "4 close must be a number"],
            result.GetProperty("rejected").EnumerateArray().Select(r => $"{r.GetProperty("position")} {r.GetProperty("reason").GetString()}"));
        Assert.Equal(new Bar("SPY", new DateOnly(2022, 12, 30), 1, 2, 0.5, 1.5, 10), receiver.Bars[0]);
    }

    [Fact]
    public async Task Pushed_csv_reaches_the_importer_without_its_byte_order_mark()
    {
        var receiver = new Receiver();
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IBarReceiver>(receiver));
        using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. "date,symbol\r\n"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/csv; charset=utf-8");
        var response = await host.Http.PostAsync("/api/markets/m/bars", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("date,symbol\r\n", receiver.Csv);
    }

    [Fact]
    public async Task Bars_have_limits_and_homes()
    {
        await using var host = await GatewayHost.StartAsync(
            options: o => o.BarsLimitBytes = 2_000, services: s => s.AddSingleton<IBarReceiver, Receiver>());
        await ProblemAsync(await host.Http.PostAsync("/api/markets/m/bars", Json("[".PadRight(3_000) + "]")), 413, "payload_too_large");
        await ProblemAsync(await host.Http.PostAsync("/api/markets/nowhere/bars", Json("[]")), 404, "unknown_market");
        await ProblemAsync(await host.Http.PostAsync("/api/markets/m/bars", Json("{}")), 400, "invalid_bars");
        await ProblemAsync(await host.Http.PostAsync("/api/markets/m/bars", Json("[")), 400, "bad_json");

        await using var without = await GatewayHost.StartAsync();
        await ProblemAsync(await without.Http.PostAsync("/api/markets/m/bars", Json("[]")), 501, "no_bar_store");
    }

    [Fact]
    public async Task OpenAPI_lists_every_route()
    {
        await using var host = await GatewayHost.StartAsync();
        var document = await JsonAsync(host, "/openapi/v1.json");
        var routes = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name} {p.Name}")).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "get /api/health", "get /api/markets", "get /api/markets/{market}/latest", "get /api/markets/{market}/outcomes", "get /api/markets/{market}/predictions",
                "get /api/markets/{market}/stream", "get /api/markets/{market}/summary", "get /api/model", "get /api/trm/summary",
                "get /health/live", "get /health/ready", "get /v2", "get /v2/health/live", "get /v2/health/ready",
                "get /v2/models/{model}", "get /v2/models/{model}/ready", "get /v2/models/{model}/versions/{version}", "get /v2/models/{model}/versions/{version}/ready",
                "get /ws/{client_id}", "post /api/markets/{market}/bars", "post /api/model/reload", "post /api/predict",
                "post /v2/models/{model}/infer", "post /v2/models/{model}/versions/{version}/infer",
            ],
            routes);
        Assert.All(document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), m => Assert.NotEmpty(m.Value.GetProperty("summary").GetString()!));
        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("PredictionSchema").GetProperty("properties").TryGetProperty("strategy_id", out _));
    }

    [Fact]
    public async Task A_bad_option_stops_the_start_and_names_its_key()
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => GatewayHost.StartAsync(options: o => o.QueueLimit = 0));
        Assert.Equal("Trm:Gateway:QueueLimit is 0; it must be from 1 to 1000000", error.Message);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> JsonAsync(GatewayHost host, string path) =>
        JsonDocument.Parse(await host.Http.GetStringAsync(path)).RootElement;

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    private sealed class Check : IReadinessCheck
    {
        public ReadinessResult Result { get; set; } = new(true);

        public string Name => "database";

        public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation) => new(Result);
    }

    private sealed class Predictor : IPredictor
    {
        public ModelInfo Model => Samples.Model;

        public ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default) =>
            new(new ModelOutput(Samples.Normalized, [0.1f, 0.3f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f], 0.5f, Samples.Model));
    }

    private sealed class Receiver : IBarReceiver
    {
        public IReadOnlyList<Bar> Bars { get; private set; } = [];

        public string? Csv { get; private set; }

        public async Task<BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation)
        {
            Csv = await csv.ReadToEndAsync(cancellation);
            return new BarPushResult(0, 0, 0, 0, []);
        }

        public Task<BarPushResult> PushAsync(string market, IReadOnlyList<Bar> bars, CancellationToken cancellation)
        {
            Bars = bars;
            var rejected = bars.Select((bar, i) => (bar, i)).Where(b => b.bar.Symbol == "BAD").Select(b => new RejectedBar(b.i, "no such symbol")).ToArray();
            return Task.FromResult(new BarPushResult(bars.Count - rejected.Length, 0, 0, rejected.Length, rejected));
        }
    }
}
