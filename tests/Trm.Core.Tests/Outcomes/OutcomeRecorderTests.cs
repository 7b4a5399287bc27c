using Trm.Core.Outcomes;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeRecorderTests
{
    private static readonly double[] Rising = [.. Enumerable.Range(0, 40).Select(i => 100.0 + i)];

    private readonly MemoryBars bars = new(TestCloses.Sessions(Rising, Rising));
    private readonly InMemoryLog log = new();
    private readonly MemoryOutcomes outcomes = new();
    private OutcomeRecorder recorder;

    public OutcomeRecorderTests() => recorder = Restarted();

    [Fact]
    public async Task A_session_is_judged_when_the_fifth_after_it_has_closed_and_not_before_though_its_bars_are_there()
    {
        for (var day = 0; day < 10; day++)
        {
            await recorder.TakeAsync([log.Predict(day)]);
            Assert.Equal(Enumerable.Range(0, Math.Max(0, day - 4)).Select(TestCloses.Day), outcomes.Sessions("m"));
        }
    }

    [Fact]
    public async Task What_is_recorded_is_the_rules_outcome_beside_the_prediction()
    {
        for (var day = 0; day <= 5; day++) await recorder.TakeAsync([log.Predict(day, predicted: day)]);

        var judged = Assert.Single(await outcomes.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery()));
        var expected = await OutcomeSeries.ReadAsync(bars, TestCloses.Market, OutcomeRule.UtilityV1, null, TestCloses.Day(5)).SingleAsync();
        Assert.Equal((1L, "m-1", "ultra_defensive"), (judged.Sequence, judged.ModelVersion, judged.Strategy.Name));
        Assert.Equal(expected.Returns, judged.Outcome.Returns);
        Assert.Equal(expected.Utilities, judged.Outcome.Utilities);
        Assert.Equal((expected.Session, expected.Settled), (judged.Outcome.Session, judged.Outcome.Settled));
    }

    [Fact]
    public async Task A_session_that_is_still_open_settles_nothing()
    {
        for (var day = 0; day < 5; day++) await recorder.TakeAsync([log.Predict(day, origin: SnapshotOrigin.Live)]);

        await recorder.TakeAsync([log.Predict(5, afterClose: TimeSpan.FromHours(-1), origin: SnapshotOrigin.Live)]);
        Assert.Empty(outcomes.Sessions("m"));

        await recorder.TakeAsync([log.Predict(5, origin: SnapshotOrigin.Live)]);
        Assert.Equal([TestCloses.Day(0)], outcomes.Sessions("m"));
    }

    [Fact]
    public async Task What_a_model_said_of_a_session_last_is_what_stood_and_each_model_has_its_own()
    {
        await recorder.TakeAsync([log.Predict(0, predicted: 1, afterClose: TimeSpan.FromHours(-3), origin: SnapshotOrigin.Live)]);
        await recorder.TakeAsync([log.Predict(0, predicted: 2, origin: SnapshotOrigin.Live)]);
        await recorder.TakeAsync([log.Predict(0, model: "m-2", predicted: 3, origin: SnapshotOrigin.Live)]);
        for (var day = 1; day <= 5; day++) await recorder.TakeAsync([log.Predict(day, origin: SnapshotOrigin.Live)]);

        var judged = await outcomes.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery());
        Assert.Equal([("m-1", 2L, 2), ("m-2", 3L, 3)], judged.Select(p => (p.ModelVersion, p.Sequence, p.Strategy.Id)));
    }

    [Fact]
    public async Task After_a_restart_what_was_missed_is_caught_up_and_nothing_is_done_twice()
    {
        for (var day = 0; day < 12; day++) await recorder.TakeAsync([log.Predict(day)]);
        for (var day = 12; day < 30; day++) log.Predict(day);
        recorder = Restarted();

        Assert.Equal(18, await recorder.TakeAsync([log.Entries[^1]]));

        Assert.Equal(Enumerable.Range(0, 25).Select(TestCloses.Day), outcomes.Sessions("m"));
        Assert.Equal(Enumerable.Range(1, 25).Select(i => (long)i), (await outcomes.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery())).Select(p => p.Sequence));
    }

    [Fact]
    public async Task A_new_session_costs_what_the_horizon_has_sessions_however_long_the_log_is()
    {
        for (var day = 0; day < 30; day++) await recorder.TakeAsync([log.Predict(day)]);
        var before = bars.Read;

        await recorder.TakeAsync([log.Predict(30)]);
        await recorder.TakeAsync([log.Predict(30, afterClose: TimeSpan.FromMinutes(1))]);

        Assert.Equal(6, bars.Read - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_recorded_comes_with_the_next_try_whole(bool barsFail)
    {
        for (var day = 0; day < 8; day++) await recorder.TakeAsync([log.Predict(day)]);
        (bars.Fail, outcomes.Fail) = barsFail ? (2, 0) : (0, 2);

        for (var day = 8; day < 10; day++) await Assert.ThrowsAsync<TrmException>(() => recorder.TakeAsync([log.Predict(day)]));
        Assert.Equal(2, await recorder.TakeAsync([log.Entries[^1]]));

        Assert.Equal(Enumerable.Range(0, 5).Select(TestCloses.Day), outcomes.Sessions("m"));
    }

    [Fact]
    public async Task Predictions_that_were_not_told_of_are_read_from_the_log()
    {
        await recorder.TakeAsync([log.Predict(0)]);
        for (var day = 1; day < 9; day++) log.Predict(day);

        Assert.Equal(4, await recorder.TakeAsync([log.Entries[^1]]));
    }

    [Fact]
    public async Task Many_predictions_at_once_are_judged_by_one_reading_of_the_bars()
    {
        await recorder.TakeAsync([.. Enumerable.Range(0, 30).Select(day => log.Predict(day))]);

        Assert.Equal(Enumerable.Range(0, 25).Select(TestCloses.Day), outcomes.Sessions("m"));
        Assert.Equal((30, 1), (bars.Read, outcomes.Records));
    }

    [Fact]
    public async Task A_session_without_a_price_has_no_outcome_and_holds_up_none()
    {
        bars.Sessions[2] = bars.Sessions[2] with { Bars = bars.Sessions[2].Bars.Where(b => b.Key == "SPY").ToDictionary() };

        for (var day = 0; day < 12; day++) await recorder.TakeAsync([log.Predict(day)]);
        var before = bars.Read;
        await recorder.TakeAsync([log.Predict(12)]);

        Assert.Equal(new[] { 0, 1, 3, 4, 5, 6, 7 }.Select(TestCloses.Day), outcomes.Sessions("m"));
        Assert.Equal(6, bars.Read - before);
    }

    [Fact]
    public async Task A_simulated_market_has_features_and_no_outcomes()
    {
        for (var day = 0; day < 12; day++) Assert.Equal(0, await recorder.TakeAsync([log.Predict(day, origin: SnapshotOrigin.Simulated)]));

        Assert.Empty(outcomes.Sessions("m"));
        Assert.Equal(0, outcomes.Records);
        Assert.Equal(0, bars.Read);
    }

    [Fact]
    public async Task A_log_that_starts_over_is_judged_from_its_start()
    {
        for (var day = 0; day < 8; day++) await recorder.TakeAsync([log.Predict(day)]);
        log.Entries.Clear();
        log.Epoch = Guid.NewGuid();

        for (var day = 2; day < 10; day++) await recorder.TakeAsync([log.Predict(day, model: "m-2")]);

        var judged = await outcomes.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery { ModelVersion = "m-2" });
        Assert.Equal([1L, 2, 3], judged.Select(p => p.Sequence));
        Assert.All(judged, p => Assert.Equal(log.Epoch, p.Epoch));
    }

    [Fact]
    public async Task A_replay_from_the_start_says_of_each_session_what_it_says_now()
    {
        for (var day = 0; day < 10; day++) await recorder.TakeAsync([log.Predict(day, predicted: 1)]);
        for (var day = 0; day < 10; day++) await recorder.TakeAsync([log.Predict(day, predicted: 4)]);

        var judged = await outcomes.ReadAsync("m", OutcomeRule.UtilityV1, new OutcomeQuery());
        Assert.Equal([11L, 12, 13, 14, 15], judged.Select(p => p.Sequence));
        Assert.All(judged, p => Assert.Equal(4, p.Strategy.Id));
    }

    private OutcomeRecorder Restarted() => new(TestCloses.Market, OutcomeRule.UtilityV1, bars, log, outcomes);
}
