using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Snapshots;
using Trm.MarketData.Sources;
using static Trm.MarketData.Tests.SmallMarket;

namespace Trm.MarketData.Tests.Sources;

public sealed class ReplaySourceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Now.AddTicks(7));
    private TemporaryStore store = null!;

    public async ValueTask InitializeAsync() => store = await TemporaryStore.CreateAsync();

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Each_session_of_the_range_is_one_snapshot_in_order()
    {
        await Store(1, 20);
        await using var source = Source(from: Day(10), to: Day(13));
        Assert.Equal([110, 111, 112, 113], (await DrainAsync(source)).Select(s => s.Features[0]));
    }

    [Fact]
    public async Task Sequences_count_on_from_the_log()
    {
        await Store(1, 20);
        await using var source = Source(from: Day(10), to: Day(12));
        Assert.Equal([42L, 43, 44], (await DrainAsync(source, new SnapshotCursor(41))).Select(s => s.Sequence));
    }

    [Fact]
    public async Task The_first_session_asked_for_has_the_features_of_the_whole_history()
    {
        await Store(1, 20);
        await using var whole = Source();
        await using var part = Source(from: Day(12));
        var expected = (await DrainAsync(whole)).Single(s => Market.SessionOf(s.AsOf) == Day(12)).Features;
        Assert.Equal(expected, (await ReadyAsync(part, default)).Features);
    }

    [Fact]
    public async Task Sessions_that_only_warm_the_features_up_are_passed_over_in_silence()
    {
        await Store(1, 6);
        await using var source = Source();
        Assert.Equal([104, 105, 106], (await DrainAsync(source)).Select(s => s.Features[0]));
    }

    [Fact]
    public async Task A_snapshot_says_what_it_is()
    {
        await Store(1, 10);
        await using var source = Source(from: Day(10));
        var snapshot = await ReadyAsync(source, new SnapshotCursor(6));
        Assert.Equal((Market.Id, 7L, SnapshotOrigin.Replay, FeatureSets.CausalV2), (snapshot.Market, snapshot.Sequence, snapshot.Origin, snapshot.FeatureSet));
        Assert.Equal(new DateTimeOffset(2024, 1, 10, 21, 0, 0, TimeSpan.Zero), snapshot.AsOf);
        Assert.Equal(Now, snapshot.EmittedAt);
        Assert.Equal(time.GetTimestamp(), snapshot.EmittedTimestamp);
        Assert.Equal((1.0, null), (snapshot.Quality, snapshot.Staleness));
        Assert.Equal(["put_call_ratio"], snapshot.Proxies);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", snapshot.TraceParent);
    }

    [Fact]
    public async Task A_restarted_replay_goes_on_after_the_logs_last_session()
    {
        await Store(1, 20);
        await using var source = Source(from: Day(5), to: Day(17));
        var cursor = new SnapshotCursor(11, Market.CloseOf(Day(15)), SnapshotOrigin.Replay);
        Assert.Equal([(12L, 116.0), (13, 117)], (await DrainAsync(source, cursor)).Select(s => (s.Sequence, s.Features[0])));
    }

    [Theory]
    [InlineData(15, SnapshotOrigin.Live, false)]
    [InlineData(15, SnapshotOrigin.Replay, true)]
    [InlineData(2, SnapshotOrigin.Replay, false)]
    [InlineData(18, SnapshotOrigin.Replay, false)]
    public async Task A_replay_begins_at_its_start_when_the_log_is_elsewhere(int loggedDay, SnapshotOrigin origin, bool restart)
    {
        await Store(1, 20);
        await using var source = Source(from: Day(5), to: Day(17), restart: restart);
        Assert.Equal(105, (await ReadyAsync(source, new SnapshotCursor(9, Market.CloseOf(Day(loggedDay)), origin))).Features[0]);
    }

    [Fact]
    public async Task A_session_without_features_is_told_and_the_next_read_moves_on()
    {
        await store.Bars.UpsertAsync(Market.Id, [.. Days(1, 10).Where(b => b.Session != Day(8) || b.Symbol != "SPY")]);
        await using var source = Source(from: Day(7));
        Assert.Equal(107, (await ReadyAsync(source, new SnapshotCursor(1))).Features[0]);
        var told = Assert.IsType<SnapshotReading.Unavailable>(await source.ReadAsync(new SnapshotCursor(2), default));
        Assert.Equal(new SnapshotReading.Unavailable("features_unavailable", "session 2024-01-08: no bar of SPY"), told);
        var next = await ReadyAsync(source, new SnapshotCursor(2));
        Assert.Equal((3L, 109.0), (next.Sequence, next.Features[0]));
    }

    [Fact]
    public async Task The_end_is_told_and_stays()
    {
        await Store(1, 10);
        await using var source = Source(from: Day(10));
        await ReadyAsync(source, default);
        var end = Assert.IsType<SnapshotReading.Finished>(await source.ReadAsync(new SnapshotCursor(1), default));
        Assert.Contains("2024-01-10", end.Reason, StringComparison.Ordinal);
        Assert.Equal(end, await source.ReadAsync(new SnapshotCursor(1), default));
    }

    [Fact]
    public async Task Nothing_to_replay_is_told_with_what_there_is()
    {
        await using var empty = Source();
        Assert.Contains("ingest", Assert.IsType<SnapshotReading.Finished>(await empty.ReadAsync(default, default)).Reason, StringComparison.Ordinal);
        await Store(1, 10);
        await using var late = Source(from: Day(100));
        Assert.Contains("2024-01-01 to 2024-01-10", Assert.IsType<SnapshotReading.Finished>(await late.ReadAsync(default, default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_failed_loses_no_session()
    {
        await Store(1, 10);
        var failing = new FailingStore(store.Bars) { Fails = true };
        await using var interrupted = new ReplaySource(failing, Market, () => new FakeExtractor(Market), time, Day(8));
        await Assert.ThrowsAsync<IOException>(async () => await interrupted.ReadAsync(default, default));
        failing.Fails = false;
        Assert.Equal([108, 109, 110], (await DrainAsync(interrupted)).Select(s => s.Features[0]));
    }

    [Fact]
    public async Task The_span_of_a_tick_is_in_its_traceparent()
    {
        await Store(1, 10);
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == "Trm",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var source = Source(from: Day(9));
        var first = await ReadyAsync(source, default);
        var second = await ReadyAsync(source, new SnapshotCursor(1));
        Assert.EndsWith("-01", first.TraceParent, StringComparison.Ordinal);
        Assert.NotEqual(first.TraceParent[3..35], second.TraceParent[3..35]);
        Assert.Null(Activity.Current);
    }

    private Task Store(int from, int to) => store.Bars.UpsertAsync(Market.Id, Days(from, to));

    private ReplaySource Source(DateOnly? from = null, DateOnly? to = null, bool restart = false) =>
        new(store.Bars, Market, () => new FakeExtractor(Market), time, from, to, restart);

    private static async Task<Snapshot> ReadyAsync(ISnapshotSource source, SnapshotCursor cursor) =>
        Assert.IsType<SnapshotReading.Ready>(await source.ReadAsync(cursor, default)).Snapshot;

    private static async Task<List<Snapshot>> DrainAsync(ISnapshotSource source, SnapshotCursor cursor = default)
    {
        var snapshots = new List<Snapshot>();
        while (await source.ReadAsync(cursor, default) is SnapshotReading.Ready { Snapshot: var snapshot })
        {
            snapshots.Add(snapshot);
            cursor = new SnapshotCursor(snapshot.Sequence, snapshot.AsOf, snapshot.Origin);
        }
        return snapshots;
    }
}
