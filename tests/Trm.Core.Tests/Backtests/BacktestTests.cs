using Trm.Core.Backtests;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;
using Trm.Core.Tests.Outcomes;

namespace Trm.Core.Tests.Backtests;

public sealed class BacktestTests
{
    private static readonly double[] Benchmark = [.. Enumerable.Range(0, 30).Select(i => 100 + (3 * Math.Sin(i)))];
    private static readonly double[] Bond = [.. Enumerable.Range(0, 30).Select(i => 50 + Math.Cos(i))];

    private readonly MemoryBars bars = new(TestCloses.Sessions(Benchmark, Bond));
    private readonly FakePredictor predictor = new();

    [Fact]
    public async Task Every_session_is_predicted_and_those_whose_horizon_is_over_are_judged()
    {
        var report = await RunAsync(Enumerable.Range(10, 20), to: null);

        Assert.Equal(Enumerable.Range(10, 20).Select(TestCloses.Day), report.Decisions.Select(d => d.Session));
        Assert.Equal((20, 15), (predictor.Calls, report.Contestants[0].Forecast!.Sessions));
        Assert.Equal(["model", "class prior", .. Strategy.All.Select(s => s.Name)], report.Contestants.Select(c => c.Name));
        Assert.Equal(20, report.Predicted[2]);
    }

    [Fact]
    public async Task Nothing_after_the_last_session_is_known()
    {
        var report = await RunAsync(Enumerable.Range(10, 11), to: TestCloses.Day(20));

        Assert.Equal(6, report.Contestants[0].Forecast!.Sessions);
        Assert.Equal(TestCloses.Day(20), report.Contestants[0].Equity.Points[^1].Session);
    }

    [Fact]
    public async Task A_model_that_always_says_one_strategy_does_as_that_strategy()
    {
        var report = await RunAsync(Enumerable.Range(10, 20), to: null);

        var constant = report.Contestants.Single(c => c.Name == "balanced_safe");
        Assert.Equal(constant.Equity.Points, report.Contestants[0].Equity.Points);
        Assert.Equal(constant.Utility, report.Contestants[0].Utility);
        Assert.Equal(constant.HitRate, report.Contestants[0].HitRate);
    }

    [Fact]
    public async Task The_class_prior_is_of_the_training_period_else_of_what_came_before_else_even()
    {
        predictor.Model = predictor.Model with { TrainedFrom = TestCloses.Day(2), TrainedTo = TestCloses.Day(9) };
        Assert.Equal((3, $"the model's training period, {TestCloses.Day(2):yyyy-MM-dd} to {TestCloses.Day(4):yyyy-MM-dd}"), await PriorAsync(10));

        predictor.Model = predictor.Model with { TrainedFrom = null, TrainedTo = null };
        Assert.Equal((6, $"the sessions before, {TestCloses.Day(0):yyyy-MM-dd} to {TestCloses.Day(5):yyyy-MM-dd}"), await PriorAsync(10));
        Assert.Equal((0, "nothing (there is no earlier session): all alike"), await PriorAsync(2));

        async Task<(int, string)> PriorAsync(int first)
        {
            var prior = (await RunAsync([first], to: null)).Prior;
            Assert.Equal(1, prior.Probabilities.Sum(), 1e-6);
            return (prior.Sessions, prior.Source);
        }
    }

    [Fact]
    public async Task A_forecast_equal_to_the_prior_gains_nothing()
    {
        var prior = (await RunAsync([15], to: null)).Prior;
        predictor.Answer = prior.Probabilities;

        var gain = (await RunAsync(Enumerable.Range(15, 10), to: null)).Gain!;

        Assert.Equal((0, 0, 0), (gain.Mean, gain.Low, gain.High));
    }

    [Fact]
    public async Task Sessions_without_features_are_counted_with_their_reason()
    {
        var report = await RunAsync([10, -1, 11], to: null);

        Assert.Equal(["no VIX bar"], report.Missed);
        Assert.Equal(2, report.Decisions.Count);
    }

    [Fact]
    public async Task A_backtest_without_any_prediction_says_why()
    {
        Assert.Equal("no prediction was made: no VIX bar", (await Assert.ThrowsAsync<BacktestEmptyException>(() => RunAsync([-1], to: null))).Message);
        Assert.Equal("no prediction was made: the end", (await Assert.ThrowsAsync<BacktestEmptyException>(() => RunAsync([], to: null))).Message);
    }

    [Fact]
    public async Task Before_any_horizon_is_over_there_is_an_equity_and_no_verdict()
    {
        var report = await RunAsync([28, 29], to: null);

        Assert.Null(report.Contestants[0].Forecast);
        Assert.Null(report.Gain);
        Assert.Equal(2, report.Contestants[0].Equity.Points.Count);
    }

    private Task<BacktestReport> RunAsync(IEnumerable<int> days, DateOnly? to) =>
        new Backtest(TestCloses.Market, bars, predictor, TimeProvider.System).RunAsync(new Replay(days), to, 0, TestContext.Current.CancellationToken);

    /// <summary>A snapshot for each day; a negative one has no features.</summary>
    private sealed class Replay(IEnumerable<int> days) : ISnapshotSource
    {
        private readonly Queue<int> days = new(days);

        public SnapshotOrigin Origin => SnapshotOrigin.Replay;

        public ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation) => ValueTask.FromResult<SnapshotReading>(
            !days.TryDequeue(out var day) ? new SnapshotReading.Finished("the end")
            : day < 0 ? new SnapshotReading.Unavailable("features_unavailable", "no VIX bar")
            : new SnapshotReading.Ready(Make.Snapshot(after.Sequence + 1, FeatureSets.CausalV2) with { AsOf = TestCloses.Market.CloseOf(TestCloses.Day(day)) }));
    }
}
