using System.Net;
using System.Text.Json;
using Trm.Core.Drift;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Gateway.Rest;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Rest;

/// <summary>What came of predictions, as clients see it.</summary>
public sealed class OutcomesTests
{
    [Fact]
    public async Task An_entry_says_what_was_predicted_and_what_came()
    {
        await using var host = await StartAsync(Judged(1), Judged(2));

        var page = await JsonAsync(host, "/api/markets/m/outcomes");

        Assert.Equal("m", page.GetProperty("market").GetString());
        Assert.Equal("utility-v1", page.GetProperty("rule").GetProperty("name").GetString());
        Assert.Equal(5, page.GetProperty("rule").GetProperty("horizon_sessions").GetInt32());
        Assert.Equal(2, page.GetProperty("outcomes").GetArrayLength());
        var first = page.GetProperty("outcomes")[0];
        Assert.Equal(("2015-01-02", "2015-01-07"), (first.GetProperty("session").GetString(), first.GetProperty("settled").GetString()));
        Assert.Equal((Samples.Epoch, 1), (first.GetProperty("epoch").GetGuid(), first.GetProperty("sequence").GetInt32()));
        Assert.Equal(("defensive", "balanced_safe"), (first.GetProperty("strategy_name").GetString(), first.GetProperty("best_strategy").GetString()));
        Assert.Equal((false, true), (first.GetProperty("hit").GetBoolean(), first.GetProperty("top3").GetBoolean()));
        Assert.Equal((0.4f, 0.2f), (first.GetProperty("confidence").GetSingle(), first.GetProperty("probability_of_best").GetSingle()));
        Assert.Equal(0.02, first.GetProperty("returns").GetProperty("balanced_safe").GetDouble());
        Assert.Equal(0.01, first.GetProperty("utilities").GetProperty("balanced_safe").GetDouble());
        Assert.Equal(8, first.GetProperty("probabilities").EnumerateObject().Count());
    }

    [Fact]
    public async Task Figures_are_told_for_each_model()
    {
        await using var host = await StartAsync(Judged(1), Judged(2, "older"), Judged(3));

        var statistics = (await JsonAsync(host, "/api/markets/m/outcomes")).GetProperty("statistics");

        Assert.Equal(["1.0", "older"], statistics.EnumerateArray().Select(s => s.GetProperty("model_version").GetString()!));
        Assert.Equal((63, 2), (statistics[0].GetProperty("window_sessions").GetInt32(), statistics[0].GetProperty("sessions").GetInt32()));
        Assert.Equal((0, 1), (statistics[0].GetProperty("hit_rate").GetDouble(), statistics[0].GetProperty("top3_rate").GetDouble()));
        Assert.Equal("balanced_safe", statistics[0].GetProperty("best_constant").GetProperty("strategy_name").GetString());
        var bin = Assert.Single(statistics[0].GetProperty("reliability").EnumerateArray());
        Assert.Equal((0.4, 0.5, 2), (bin.GetProperty("from").GetDouble(), bin.GetProperty("to").GetDouble(), bin.GetProperty("sessions").GetInt32()));
    }

    [Fact]
    public async Task What_is_asked_for_reaches_the_feed()
    {
        await using var host = await StartAsync();

        await JsonAsync(host, "/api/markets/m/outcomes");
        Assert.Equal(new OutcomeQuery { Limit = 500 }, host.Feed.AskedOutcomes);
        await JsonAsync(host, "/api/markets/m/outcomes?after=2015-01-02&before=2015-02-03&limit=7&model=us-equities-1%2Babc");
        Assert.Equal(
            new OutcomeQuery { After = new DateOnly(2015, 1, 2), Before = new DateOnly(2015, 2, 3), Limit = 7, ModelVersion = "us-equities-1+abc" }, host.Feed.AskedOutcomes);
    }

    [Theory]
    [InlineData("/api/markets/m/outcomes")]
    [InlineData("/api/markets/m/summary")]
    public async Task The_tag_changes_when_an_outcome_comes_though_the_log_stands_still(string path)
    {
        await using var host = await StartAsync(Judged(1));
        host.Feed.Publish();
        var tag = (await host.Http.GetAsync(path)).Headers.ETag!;
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync());

        host.Feed.Judged["m"] = [Judged(1), Judged(2)];
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());

        async Task<HttpStatusCode> StatusAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(tag);
            using var response = await host.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Summaries_say_how_the_newest_model_does_and_what_has_drifted()
    {
        await using var host = await StartAsync(Judged(1), Judged(2));
        var before = await JsonAsync(host, "/api/markets/m/summary");
        Assert.Equal(JsonValueKind.Null, before.GetProperty("drift").ValueKind);
        host.Feed.Drift = new DriftReport(250, new Dictionary<string, double> { ["vix"] = 0.31, ["correlation"] = 0.02 });
        host.Feed.Publish();
        await using var client = await host.ConnectAsync();
        await client.NextAsync();
        await client.SendAsync("""{"type":"request_trm_prediction"}""");

        foreach (var summary in new[] { await JsonAsync(host, "/api/markets/m/summary"), (await client.NextAsync("trm_summary")).GetProperty("data") })
        {
            Assert.Equal(("1.0", 2), (summary.GetProperty("outcomes").GetProperty("model_version").GetString(), summary.GetProperty("outcomes").GetProperty("sessions").GetInt32()));
            var drift = summary.GetProperty("drift");
            Assert.Equal((250, 0.2), (drift.GetProperty("sessions").GetInt32(), drift.GetProperty("threshold").GetDouble()));
            Assert.Equal(0.31, drift.GetProperty("features").GetProperty("vix").GetDouble());
            Assert.Equal(["vix"], drift.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!));
        }
    }

    [Fact]
    public async Task OpenAPI_describes_what_is_written()
    {
        await using var host = await StartAsync(Judged(1));
        var page = await JsonAsync(host, "/api/markets/m/outcomes");

        Assert.Equal(Names(typeof(OutcomePageSchema)).Except(["reason"]), Names(page));
        Assert.Equal(Names(typeof(OutcomeRuleSchema)), Names(page.GetProperty("rule")));
        Assert.Equal(Names(typeof(OutcomeSchema)), Names(page.GetProperty("outcomes")[0]));
        Assert.Equal(Names(typeof(OutcomeStatisticsSchema)), Names(page.GetProperty("statistics")[0]));

        static IEnumerable<string> Names(object of) => of is Type type
            ? type.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Order(StringComparer.Ordinal)
            : ((JsonElement)of).EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
    }

    private static async Task<GatewayHost> StartAsync(params JudgedPrediction[] judged)
    {
        var host = await GatewayHost.StartAsync();
        host.Feed.Judged["m"] = judged;
        return host;
    }

    // Predicted defensive with 0.4; balanced_safe was the best and had 0.2.
    private static JudgedPrediction Judged(int day, string model = "1.0") => new(
        Samples.Epoch, day, model, [0.1f, 0.4f, 0.2f, 0.1f, 0.05f, 0.05f, 0.05f, 0.05f],
        new SessionOutcome(
            new DateOnly(2015, 1, 1).AddDays(day), new DateOnly(2015, 1, 6).AddDays(day),
            [.. Strategy.All.Select(s => s.Id == 2 ? 0.02 : -0.01)], [.. Strategy.All.Select(s => s.Id == 2 ? 0.01 : -0.01)]));

    private static async Task<JsonElement> JsonAsync(GatewayHost host, string path) => JsonDocument.Parse(await host.Http.GetStringAsync(path)).RootElement;
}
