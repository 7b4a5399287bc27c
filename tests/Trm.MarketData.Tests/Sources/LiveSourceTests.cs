using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Snapshots;
using Trm.MarketData.Sources;
using static Trm.MarketData.Tests.SmallMarket;

namespace Trm.MarketData.Tests.Sources;

public sealed class LiveSourceTests : IAsyncLifetime
{
    // An hour after the close of day 10.
    private readonly FakeTimeProvider time = new(Market.CloseOf(Day(10)).AddHours(1));
    private readonly List<FakeExtractor> extractors = [];
    private TemporaryStore store = null!;
    private FailingStore reads = null!;
    private LiveSource source = null!;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        reads = new FailingStore(store.Bars);
        source = Source();
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task The_newest_session_is_the_snapshot()
    {
        await Store(1, 10);
        var snapshot = await ReadyAsync(5);
        Assert.Equal((6L, SnapshotOrigin.Live, 110.0), (snapshot.Sequence, snapshot.Origin, snapshot.Features[0]));
        Assert.Equal(Market.CloseOf(Day(10)), snapshot.AsOf);
        Assert.Equal((TimeSpan.FromHours(1), 1.0), (snapshot.Staleness, snapshot.Quality));
    }

    [Fact]
    public async Task Only_the_look_back_is_read_at_the_start()
    {
        await Store(1, 400);
        await ReadyAsync(0);
        Assert.Equal(4, reads.SessionsRead);
    }

    [Fact]
    public async Task Between_bars_the_features_stay_and_their_age_grows()
    {
        await Store(1, 10);
        var first = await ReadyAsync(0);
        time.Advance(TimeSpan.FromHours(2));
        var second = await ReadyAsync(1);
        Assert.Equal((2L, TimeSpan.FromHours(3)), (second.Sequence, second.Staleness));
        Assert.Equal(first.Features, second.Features);
        Assert.NotEqual(first.TraceParent, second.TraceParent);
        Assert.Equal(4, reads.SessionsRead);
    }

    [Fact]
    public async Task Quality_falls_to_nothing_once_the_bars_are_no_longer_fresh()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        time.Advance(Market.FreshFor - TimeSpan.FromHours(1));
        Assert.Equal(1.0, (await ReadyAsync(1)).Quality);
        time.Advance(TimeSpan.FromSeconds(1));
        var stale = await ReadyAsync(2);
        Assert.Equal((0.0, 0.0), (stale.Quality, stale.Features[FeatureNames.SignalQuality]));
        Assert.Equal(110, stale.Features[0]);
    }

    [Fact]
    public async Task Missing_symbols_lower_the_quality_and_the_signal_quality_alike()
    {
        await Store(1, 9);
        await store.Bars.UpsertAsync(Market.Id, [Bar(10, "SPY"), Bar(10, "VIX")]);
        var partial = await ReadyAsync(0);
        Assert.Equal(2.0 / 3, partial.Quality, 12);
        Assert.Equal(partial.Quality, partial.Features[FeatureNames.SignalQuality]);
    }

    [Fact]
    public async Task The_features_of_the_legacy_set_are_left_as_the_recipe_made_them()
    {
        await Store(1, 10);
        source = new LiveSource(store.Bars, Market, () => new FakeExtractor(Market, featureSet: FeatureSets.LegacyV1), time);
        time.Advance(TimeSpan.FromDays(30));
        var stale = await ReadyAsync(0);
        Assert.Equal((0.0, 1.0), (stale.Quality, stale.Features[FeatureNames.SignalQuality]));
    }

    [Fact]
    public async Task A_session_before_its_close_is_not_stale()
    {
        await Store(1, 11);
        Assert.Equal((TimeSpan.Zero, 1.0), ((await ReadyAsync(0)).Staleness, (await ReadyAsync(1)).Quality));
    }

    [Fact]
    public async Task A_later_session_is_pushed_on_without_reading_history_again()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        await Store(11, 12);
        Assert.Equal(112, (await ReadyAsync(1)).Features[0]);
        Assert.Equal(6, Assert.Single(extractors).Pushed);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9)]
    public async Task A_correction_gives_the_features_of_the_corrected_history(int day)
    {
        await Store(1, 10);
        var before = await ReadyAsync(0);
        await store.Bars.UpsertAsync(Market.Id, [Bar(day) with { Close = 100.5 + day }]);
        var corrected = await ReadyAsync(1);
        Assert.Equal(before.Features[1] + 0.5, corrected.Features[1], 9);

        source = Source();
        Assert.Equal((await ReadyAsync(2)).Features, corrected.Features);
    }

    [Fact]
    public async Task A_session_that_comes_in_pieces_is_used_as_it_grows()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        await store.Bars.UpsertAsync(Market.Id, [Bar(11, "SPY")]);
        Assert.Equal((111.0, 1.0 / 3), ((await ReadyAsync(1)).Features[0], (await ReadyAsync(2)).Quality));
        await store.Bars.UpsertAsync(Market.Id, [Bar(11, "TLT"), Bar(11, "VIX")]);
        Assert.Equal(1.0, (await ReadyAsync(3)).Quality);
    }

    [Fact]
    public async Task An_empty_store_is_told_and_its_first_bars_are_taken()
    {
        Assert.Equal("no_bars", (await UnavailableAsync()).Code);
        await Store(1, 2);
        var early = await UnavailableAsync();
        Assert.Equal(("features_unavailable", "session 2024-01-02: too little history"), (early.Code, early.Reason));
        await Store(3, 10);
        Assert.Equal(110, (await ReadyAsync(0)).Features[0]);
    }

    [Fact]
    public async Task A_newest_session_without_features_is_told_until_they_can_be_made()
    {
        await Store(1, 10);
        await store.Bars.UpsertAsync(Market.Id, [Bar(11, "TLT")]);
        Assert.Equal("session 2024-01-11: no bar of SPY", (await UnavailableAsync()).Reason);
        await store.Bars.UpsertAsync(Market.Id, [Bar(11, "SPY")]);
        Assert.Equal(111, (await ReadyAsync(0)).Features[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_read_that_failed_half_way_is_made_good_by_the_next(int before)
    {
        if (before > 0)
        {
            await Store(1, before);
            await ReadyAsync(0);
        }
        await Store(before + 1, before + 8);
        reads.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => ReadyAsync(0));
        reads.Fails = false;
        var recovered = await ReadyAsync(0);

        source = Source();
        Assert.Equal((await ReadyAsync(0)).Features, recovered.Features);
    }

    [Fact]
    public async Task Bars_written_elsewhere_are_news_at_the_next_poll()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        var news = source.WaitForNewsAsync(default);
        time.Advance(LiveSource.PollInterval);
        await Task.Yield();
        Assert.False(news.IsCompleted);

        await Store(11, 11);
        await AdvanceUntil(news);
        Assert.Equal(111, (await ReadyAsync(1)).Features[0]);
    }

    [Fact]
    public async Task Pushed_bars_are_news_at_once()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        var news = source.WaitForNewsAsync(default);
        await Store(11, 11);
        source.Notify();
        await news.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_notice_without_a_change_is_no_news()
    {
        await Store(1, 10);
        await ReadyAsync(0);
        using var stop = new CancellationTokenSource();
        var news = source.WaitForNewsAsync(stop.Token);
        source.Notify();
        await Task.Yield();
        Assert.False(news.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => news);
    }

    [Fact]
    public async Task A_change_is_news_once_even_when_nobody_could_read_it()
    {
        await Store(1, 10);
        await source.WaitForNewsAsync(default);
        var again = source.WaitForNewsAsync(default);
        Assert.False(again.IsCompleted);
        await Store(11, 11);
        await AdvanceUntil(again);
    }

    private async Task AdvanceUntil(Task done)
    {
        // The wait arms its timer on another thread, so one advance may come too early.
        for (var i = 0; i < 10_000 && !done.IsCompleted; i++)
        {
            time.Advance(LiveSource.PollInterval);
            await Task.Yield();
        }
        await done.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task Store(int from, int to) => store.Bars.UpsertAsync(Market.Id, Days(from, to));

    private LiveSource Source() => new(
        reads,
        Market,
        () =>
        {
            extractors.Add(new FakeExtractor(Market));
            return extractors[^1];
        },
        time);

    private async Task<Snapshot> ReadyAsync(long sequence) =>
        Assert.IsType<SnapshotReading.Ready>(await source.ReadAsync(new SnapshotCursor(sequence), default)).Snapshot;

    private async Task<SnapshotReading.Unavailable> UnavailableAsync() =>
        Assert.IsType<SnapshotReading.Unavailable>(await source.ReadAsync(default, default));
}
