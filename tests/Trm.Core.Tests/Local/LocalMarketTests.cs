using Microsoft.Extensions.Time.Testing;
using Trm.Core.Local;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Local;

public class LocalMarketTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly InMemoryLog log = new();
    private readonly FakePredictor predictor = new();
    private readonly RecordingPublisher publisher = new();
    private readonly FakeTimeProvider time = new(Make.Noon);
    private readonly ScriptedSource source = new();

    [Fact]
    public async Task At_full_speed_it_reads_to_the_end_and_says_why_it_ended()
    {
        var run = await (await MarketAsync(TimeSpan.Zero, limit: 5)).RunAsync(default);

        Assert.Equal(5, run.Predictions);
        Assert.Equal("the script ends", run.EndReason);
        Assert.Equal([1L, 2, 3, 4, 5], log.Entries.Select(p => p.Sequence));
    }

    [Fact]
    public async Task It_predicts_at_once_and_then_at_every_interval()
    {
        var market = await MarketAsync(Minute);
        using var stop = new CancellationTokenSource();

        var running = market.RunAsync(stop.Token);
        await log.ReachedAsync(1);
        time.Advance(Minute);
        await log.ReachedAsync(2);
        time.Advance(Minute / 2);
        time.Advance(Minute / 2);
        await log.ReachedAsync(3);
        Assert.Equal([0, 1, 2], log.Entries.Select(p => (p.Timestamp - Make.Noon).TotalMinutes));

        await stop.CancelAsync();
        Assert.Equal(3, (await running).Predictions);
    }

    [Fact]
    public async Task A_late_tick_moves_none_after_it_and_missed_ones_are_skipped()
    {
        predictor.Instead.Enqueue(_ => Task.CompletedTask);
        predictor.Instead.Enqueue(_ => Advance(Minute * 3.5));
        var market = await MarketAsync(Minute);
        using var stop = new CancellationTokenSource();

        var running = market.RunAsync(stop.Token);
        await log.ReachedAsync(1);
        time.Advance(Minute);
        await log.ReachedAsync(3);
        Assert.Equal(TimeSpan.FromMinutes(4.5), time.GetUtcNow() - Make.Noon);
        time.Advance(Minute / 2);
        await log.ReachedAsync(4);

        await stop.CancelAsync();
        await running;

        Task Advance(TimeSpan by)
        {
            time.Advance(by);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task News_is_read_before_the_interval_is_over()
    {
        var market = await MarketAsync(Minute);
        using var stop = new CancellationTokenSource();

        var running = market.RunAsync(stop.Token);
        await log.ReachedAsync(1);
        source.Tell();

        await log.ReachedAsync(2);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_bad_tick_is_told_with_its_reason_and_the_next_one_works()
    {
        source.Instead[2] = new SnapshotReading.Unavailable("features_unavailable", "vix: no VIX bar");
        predictor.Instead.Enqueue(_ => Task.CompletedTask);
        predictor.Instead.Enqueue(_ => throw new TrmException("non_finite_output", "the model answered NaN"));

        await (await MarketAsync(TimeSpan.Zero, limit: 5)).RunAsync(default);

        Assert.Equal(["features_unavailable", "non_finite_output"], publisher.Errors.Select(e => e.Code));
        Assert.Equal([1L, 2, 3], log.Entries.Select(p => p.Sequence));
    }

    [Fact]
    public async Task An_append_that_fails_loses_no_snapshot()
    {
        var market = await MarketAsync(TimeSpan.Zero, limit: 3);
        log.FailBeforeCommit = 2;

        await AdvanceUntilDoneAsync(market.RunAsync(default));

        Assert.Equal(["append_failed", "append_failed"], publisher.Errors.Select(e => e.Code));
        Assert.Equal([1, 2, 3], log.Entries.Select(p => p.AsOf.Subtract(Make.Noon).Days));
    }

    [Fact]
    public async Task A_prediction_that_is_not_durable_yet_does_not_wait_for_the_next_interval()
    {
        log.FailBeforeCommit = 1;
        var market = await MarketAsync(Minute);
        using var stop = new CancellationTokenSource();

        var running = market.RunAsync(stop.Token);
        for (var second = 0; second < 30 && log.Entries.Count == 0; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System); // the loop goes on on another thread
        }

        Assert.Single(log.Entries);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_error_nobody_foresaw_is_told_with_its_exception_and_ends_nothing()
    {
        predictor.Instead.Enqueue(_ => throw new InvalidOperationException("a bug"));

        await AdvanceUntilDoneAsync((await MarketAsync(TimeSpan.Zero, limit: 2)).RunAsync(default));

        var error = Assert.Single(publisher.Errors);
        Assert.Equal("internal_error", error.Code);
        Assert.IsType<InvalidOperationException>(error.Cause);
        Assert.DoesNotContain("a bug", error.Message);
        Assert.Single(log.Entries);
    }

    // The clock moves only when told, and the loop under test pauses on other threads.
    private async Task AdvanceUntilDoneAsync(Task running)
    {
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await running;
    }

    private async Task<LocalMarket> MarketAsync(TimeSpan interval, int limit = int.MaxValue)
    {
        source.Limit = limit;
        var pipeline = await PredictionPipeline.OpenAsync("m", predictor, log, publisher, time);
        return new LocalMarket(Make.Market(), source, pipeline, publisher, interval, time);
    }

    private sealed class ScriptedSource : ISnapshotSource
    {
        private int reads;
        private TaskCompletionSource news = new();

        public int Limit { get; set; }

        public Dictionary<int, SnapshotReading> Instead { get; } = [];

        public SnapshotOrigin Origin => SnapshotOrigin.Replay;

        public void Tell()
        {
            var told = news;
            news = new TaskCompletionSource();
            told.SetResult();
        }

        public ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation) => ValueTask.FromResult(++reads switch
        {
            var n when n > Limit => new SnapshotReading.Finished("the script ends"),
            var n when Instead.TryGetValue(n, out var other) => other,
            var n => new SnapshotReading.Ready(Make.Snapshot(after.Sequence + 1) with { AsOf = Make.Noon.AddDays(n) }),
        });

        public Task WaitForNewsAsync(CancellationToken cancellation) => news.Task.WaitAsync(cancellation);
    }
}
