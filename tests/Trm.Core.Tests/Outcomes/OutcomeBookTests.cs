using Trm.Core.Drift;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeBookTests
{
    private static readonly double[] Rising = [.. Enumerable.Range(0, 100).Select(i => 100.0 + i)];

    private readonly MemoryBars bars = new(TestCloses.Sessions(Rising, Rising));
    private readonly InMemoryLog log = new();
    private readonly MemoryOutcomes outcomes = new();
    private readonly OutcomeRecorder recorder;

    public OutcomeBookTests() => recorder = new OutcomeRecorder(TestCloses.Market, OutcomeRule.UtilityV1, bars, log, outcomes);

    [Fact]
    public async Task A_replay_that_begins_again_does_not_know_what_the_one_before_left()
    {
        await PredictAsync(0, 30);
        await recorder.TakeAsync([log.Predict(10)]);

        var page = await ReadAsync(new OutcomeQuery());

        Assert.Equal(TestCloses.Day(5), page.Outcomes[^1].Outcome.Session);
        Assert.Equal(6, page.Statistics.Single().Figures.Sessions);
    }

    [Fact]
    public async Task Figures_are_of_each_models_newest_63_sessions_and_the_model_of_the_newest_session_comes_first()
    {
        await PredictAsync(0, 80, "m-1");
        await PredictAsync(80, 90, "m-2");

        var page = await ReadAsync(new OutcomeQuery { Limit = 3 });

        Assert.Equal([("m-2", 5), ("m-1", 63)], page.Statistics.Select(s => (s.ModelVersion, s.Figures.Sessions)));
        Assert.Equal(3, page.Outcomes.Count);
        Assert.Equal(["m-1"], (await ReadAsync(new OutcomeQuery { ModelVersion = "m-1" })).Statistics.Select(s => s.ModelVersion));
    }

    [Fact]
    public async Task A_summary_has_the_newest_models_figures_and_the_drift()
    {
        await PredictAsync(0, 20, "m-1");
        var report = new DriftReport(250, new Dictionary<string, double> { ["vix"] = 0.3 });

        var summary = await new OutcomeBook(outcomes, _ => report).CompleteAsync(TestCloses.Market, await log.SummarizeAsync("m"));

        Assert.Equal(("m-1", 15), (summary.Outcomes!.ModelVersion, summary.Outcomes.Sessions));
        Assert.Same(report, summary.Drift);
        Assert.Equal(20, summary.TotalPredictions);
    }

    [Fact]
    public async Task Before_any_outcome_there_is_none_and_a_simulated_market_says_why_there_never_is()
    {
        Assert.Null((await new OutcomeBook(outcomes, _ => null).CompleteAsync(TestCloses.Market, await log.SummarizeAsync("m"))).Outcomes);
        log.Predict(0, origin: SnapshotOrigin.Simulated);

        var page = await ReadAsync(new OutcomeQuery());

        Assert.Empty(page.Outcomes);
        Assert.Contains("simulated", page.Reason);
    }

    private async Task PredictAsync(int from, int to, string model = "m-1")
    {
        for (var day = from; day < to; day++) await recorder.TakeAsync([log.Predict(day, model)]);
    }

    private Task<OutcomePage> ReadAsync(OutcomeQuery query) => new OutcomeBook(outcomes, _ => null).ReadAsync(TestCloses.Market, log.Entries.LastOrDefault(), query);
}
