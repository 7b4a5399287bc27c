using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Host.Feed;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.GatewayHost.Feed;

/// <summary>The test plays the strategy: it appends to the log, and puts on the stream what it likes.</summary>
public sealed class ClusterFeedTests : IClassFixture<ClusterFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Silence = MarketFollower.LongestSilence + TimeSpan.FromSeconds(1);

    private readonly TestCluster cluster;
    private readonly TestMarket market;
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly ClusterFeed feed;
    private readonly FeedEar ear;

    public ClusterFeedTests(ClusterFixture fixture)
    {
        cluster = fixture.Cluster;
        market = cluster.World.Add();
        ear = new FeedEar(market.Id);
        feed = new ClusterFeed(cluster.Client, time, NullLogger<ClusterFeed>.Instance);
        feed.Subscribe(ear);
    }

    private IHistoryGrain History => cluster.Grain<IHistoryGrain>(market.Id);

    public async ValueTask InitializeAsync()
    {
        await feed.RefreshMarketsAsync(default);
        await CheckAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("as they are", new long[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData("repeated", new long[] { 1, 1, 2, 3, 2, 3, 4, 4, 5, 1, 6, 6 })]
    [InlineData("reordered", new long[] { 2, 1, 3, 5, 4, 6 })]
    [InlineData("backwards", new long[] { 6, 5, 4, 3, 2, 1 })]
    [InlineData("the first is lost", new long[] { 2, 3, 4, 5, 6 })]
    [InlineData("the middle is lost", new long[] { 1, 2, 5, 6 })]
    [InlineData("all but the last are lost", new long[] { 6 })]
    public async Task A_listener_hears_each_sequence_once_and_in_order(string stream, long[] events)
    {
        await AppendAsync(6);
        foreach (var sequence in events) await EmitAsync(sequence);
        await ear.HeardAsync(6);
        await EmitAsync(await AppendAsync());
        await ear.HeardAsync(7);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], ear.Sequences);
        Assert.NotEmpty(stream);
    }

    [Fact]
    public async Task The_last_of_a_run_that_is_lost_is_found_after_a_silence()
    {
        await AppendAsync(3);
        await EmitAsync(1);
        await ear.HeardAsync(1);
        await CheckAsync();
        Assert.Equal([1], ear.Sequences);
        await HeardAfterSilenceAsync(3);
        Assert.Equal([1, 2, 3], ear.Sequences);
        // The stream wakes up, late: nothing comes twice.
        await EmitAsync(2);
        await EmitAsync(3);
        await EmitAsync(await AppendAsync());
        await ear.HeardAsync(4);
        Assert.Equal([1, 2, 3, 4], ear.Sequences);
    }

    [Fact]
    public async Task A_prediction_just_made_may_be_on_its_way_and_is_not_taken_from_the_log()
    {
        time.Advance(Silence);
        await AppendAsync();
        await CheckAsync();
        Assert.Empty(ear.Sequences);
        await EmitAsync(1);
        await ear.HeardAsync(1);
    }

    [Fact]
    public async Task After_the_clusters_absence_the_log_is_asked_without_waiting_for_a_silence()
    {
        await AppendAsync(2);
        await EmitAsync(1);
        await ear.HeardAsync(1);
        time.Advance(TimeSpan.FromSeconds(1));
        await feed.CheckAsync(renew: true);
        Assert.Equal([1, 2], ear.Sequences);
        await EmitAsync(await AppendAsync());
        await ear.HeardAsync(3);
        Assert.Equal([1, 2, 3], ear.Sequences);
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 3 })]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 2, 1, 3 })]
    public async Task A_log_that_starts_over_is_heard_from_its_first_sequence_on(long[] events)
    {
        await AppendAsync(4);
        for (var sequence = 1; sequence <= 4; sequence++) await EmitAsync(sequence);
        await ear.HeardAsync(4);
        var old = cluster.World.Predictions.Entries(market.Id);

        cluster.World.Predictions.StartOver(market.Id);
        await AppendAsync(3);
        foreach (var sequence in events) await EmitAsync(sequence);
        // What comes late from the log that is gone is not news.
        foreach (var late in old) await cluster.Predictions(market).OnNextAsync(new FeedEvent(late with { Sequence = late.Sequence + 3 }, null));
        await EmitAsync(await AppendAsync());
        await ear.HeardAsync(8);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], ear.Sequences);
        Assert.Equal([old[0].Epoch, cluster.World.Predictions.Epoch(market.Id)], ear.Predictions.Select(p => p.Epoch).Distinct());
    }

    [Fact]
    public async Task A_log_that_starts_over_in_silence_is_found()
    {
        await AppendAsync(2);
        for (var sequence = 1; sequence <= 2; sequence++) await EmitAsync(sequence);
        await ear.HeardAsync(2);
        cluster.World.Predictions.StartOver(market.Id);
        await AppendAsync(2);
        await HeardAfterSilenceAsync(4);
        Assert.Equal([1, 2, 1, 2], ear.Sequences);
    }

    [Fact]
    public async Task Who_starts_to_listen_hears_what_comes_and_not_what_was()
    {
        await AppendAsync(5);
        var late = new ClusterFeed(cluster.Client, time, NullLogger<ClusterFeed>.Instance);
        var other = new FeedEar(market.Id);
        using (late.Subscribe(other))
        {
            await late.RefreshMarketsAsync(default);
            await late.CheckAsync(renew: false);
            Assert.Equal(5, (await late.HeadAsync(market.Id)).Sequence);
            await EmitAsync(await AppendAsync());
            await other.HeardAsync(1);
            Assert.Equal([6], other.Sequences);
        }
        await EmitAsync(await AppendAsync());
        await AppendAsync();
        Assert.Equal([6], other.Sequences);
    }

    [Fact]
    public async Task A_gap_that_is_too_large_is_left_to_who_wants_all_of_it()
    {
        await AppendAsync(1_005);
        await EmitAsync(1);
        await ear.HeardAsync(1);
        await EmitAsync(1_005);
        await ear.HeardAsync(2);
        Assert.Equal([1, 1_005], ear.Sequences);
        Assert.Equal(1_003, (await feed.ReadAsync(market.Id, new LogQuery { After = 1, Before = 1_005, Limit = 2_000 })).Count);
    }

    [Fact]
    public async Task A_gap_that_cannot_be_read_holds_up_nothing()
    {
        await AppendAsync(4);
        await EmitAsync(1);
        await ear.HeardAsync(1);
        using (cluster.World.Predictions.RefuseReads(market.Id))
        {
            await EmitAsync(3);
            await ear.HeardAsync(2);
        }
        await EmitAsync(4);
        await ear.HeardAsync(3);
        Assert.Equal([1, 3, 4], ear.Sequences);
    }

    [Fact]
    public async Task Errors_are_told_as_they_come()
    {
        var error = new PredictionError(market.Id, "overloaded", "no room", time.GetUtcNow());
        await cluster.Predictions(market).OnNextAsync(new FeedEvent(null, error));
        await Eventually.TrueAsync(() => ear.Errors.Contains(error));
    }

    [Fact]
    public async Task Durations_are_measured_from_the_snapshots_moment_by_this_machines_clock()
    {
        var epoch = (await History.HeadAsync()).Epoch;
        var emitted = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(2));
        await cluster.Predictions(market).OnNextAsync(new FeedEvent(TestPredictions.Of(market, 1, epoch, time.GetUtcNow()) with { EmittedAt = emitted }, null));
        await ear.HeardAsync(1);
        Assert.Equal(TimeSpan.FromSeconds(2), time.GetElapsedTime(ear.Predictions[0].EmittedTimestamp));
    }

    [Fact]
    public async Task A_market_that_is_new_is_followed_from_the_next_look_on()
    {
        var fresh = cluster.World.Add();
        var other = new FeedEar(fresh.Id);
        feed.Subscribe(other);
        await Assert.ThrowsAsync<UnknownMarketException>(async () => await feed.HeadAsync(fresh.Id));
        await feed.RefreshMarketsAsync(default);
        Assert.Contains(fresh.Id, feed.Markets.Select(m => m.Id));
        await CheckAsync();
        var history = cluster.Grain<IHistoryGrain>(fresh.Id);
        var prediction = TestPredictions.Of(fresh, 1, (await history.HeadAsync()).Epoch, time.GetUtcNow());
        await history.AppendAsync(prediction);
        await cluster.Predictions(fresh).OnNextAsync(new FeedEvent(prediction, null));
        await other.HeardAsync(1);
    }

    [Fact]
    public async Task A_market_that_is_not_served_is_the_askers_error()
    {
        await Assert.ThrowsAsync<UnknownMarketException>(async () => await feed.HeadAsync("nowhere"));
        await Assert.ThrowsAsync<UnknownMarketException>(async () => await feed.ReadAsync("nowhere", new LogQuery()));
        await Assert.ThrowsAsync<UnknownMarketException>(async () => await feed.SummarizeAsync("nowhere"));
    }

    [Fact]
    public async Task Head_range_and_totals_are_the_logs()
    {
        await AppendAsync(3);
        Assert.Equal(3, (await feed.HeadAsync(market.Id)).Sequence);
        Assert.Equal([2, 3], (await feed.ReadAsync(market.Id, new LogQuery { After = 1 })).Select(p => p.Sequence));
        Assert.Equal(3, (await feed.SummarizeAsync(market.Id)).TotalPredictions);
    }

    [Fact]
    public void That_the_cluster_is_away_is_told_once_for_each_market()
    {
        feed.Mark(away: true);
        feed.Mark(away: true);
        Assert.True(feed.IsAway);
        Assert.Single(ear.Errors, e => e.Code == ClusterException.Unavailable);
        feed.Mark(away: false);
        Assert.False(feed.IsAway);
        feed.Mark(away: true);
        Assert.Equal(2, ear.Errors.Count(e => e.Code == ClusterException.Unavailable));
    }

    // The silos start the market now and then, and its source says that there is no session: that breaks a silence too.
    private Task HeardAfterSilenceAsync(int count) => Eventually.TrueAsync(async () =>
    {
        time.Advance(Silence);
        await CheckAsync();
        return ear.Sequences.Count >= count;
    });

    private Task CheckAsync() => feed.CheckAsync(renew: false);

    private async Task<long> AppendAsync(int count = 1)
    {
        await History.HeadAsync(); // makes a new log
        var (epoch, last) = (cluster.World.Predictions.Epoch(market.Id), cluster.World.Predictions.Entries(market.Id).Count);
        for (var i = 1; i <= count; i++)
        {
            var reply = await History.AppendAsync(TestPredictions.Of(market, last + i, epoch, time.GetUtcNow()));
            Assert.Equal(AppendResult.Added, reply.Result);
        }
        return last + count;
    }

    private Task EmitAsync(long sequence) =>
        cluster.Predictions(market).OnNextAsync(new FeedEvent(cluster.World.Predictions.Entries(market.Id)[(int)sequence - 1], null));
}
