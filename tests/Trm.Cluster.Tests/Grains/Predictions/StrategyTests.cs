using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Cluster.Tests.Grains.Predictions;

public sealed class StrategyTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly TestCluster cluster = fixture.Cluster;
    private readonly TestMarket market = fixture.Cluster.World.Add();

    [Fact]
    public async Task Each_snapshot_becomes_a_logged_prediction_and_then_an_event()
    {
        var ear = await cluster.ListenAsync(market);
        await cluster.RunAsync(market);
        market.LetOut(5);
        await cluster.LoggedAsync(market, 5);
        await Eventually.TrueAsync(() => ear.Predictions.Count >= 5);

        cluster.AssertWhole(market, 5);
        var log = cluster.World.Predictions.Entries(market.Id);
        Assert.Equal([1, 2, 3, 4, 5], ear.Predictions.Select(p => p.Sequence));
        Assert.All(ear.Predictions, p => Assert.Equal(Facts(log[(int)p.Sequence - 1]), Facts(p)));
        Assert.Equal(5, market.Predicted);
        Assert.Equal(5, (await cluster.Grain<IStrategyGrain>(market.Id).LatestAsync())!.Sequence);
    }

    [Fact]
    public async Task The_trace_of_a_snapshot_is_the_trace_of_its_prediction()
    {
        await cluster.RunAsync(market);
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);
        Assert.Equal(
            new long[] { 1, 2, 3 }.Select(market.TraceOf), cluster.World.Predictions.Entries(market.Id).Select(p => p.TraceId));
    }

    [Fact]
    public async Task Before_the_first_prediction_there_is_no_latest() => Assert.Null(await cluster.Grain<IStrategyGrain>(market.Id).LatestAsync());

    [Fact]
    public async Task Emissions_of_a_second_activation_are_deduplicated_by_sequence()
    {
        await cluster.RunAsync(market);
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);

        // What another activation of the source would emit: its own snapshots, under numbers that were given.
        var numbering = await NumberingAsync();
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            await EmitAsync(market.Snapshot(sequence, session: sequence), numbering);
            await EmitAsync(market.Snapshot(sequence, session: 40 + sequence), numbering);
            await EmitAsync(market.Snapshot(sequence, session: 50 + sequence), Guid.NewGuid());
        }
        await EmitAsync(market.Snapshot(4, session: 60), Guid.NewGuid());
        await EmitAsync(market.Snapshot(30, session: 61), numbering);
        market.LetOut(8);
        for (var sequence = 8; sequence >= 1; sequence--) await EmitAsync(market.Snapshot(sequence, session: 70 + sequence), Guid.NewGuid());
        await cluster.LoggedAsync(market, 8);
        await SettledAsync();
        cluster.AssertWhole(market, 8);
    }

    [Fact]
    public async Task Emissions_of_two_activations_interleaved_give_each_sequence_one_prediction()
    {
        var ear = await cluster.ListenAsync(market);
        await cluster.RunAsync(market);
        market.LetOut(20);
        var numbering = await NumberingAsync();
        // The second activation emits the same numbers at the same time, twice, and some of them ahead.
        for (var sequence = 1; sequence <= 20; sequence++)
        {
            await EmitAsync(market.Snapshot(sequence, session: sequence), numbering);
            await EmitAsync(market.Snapshot(sequence, session: sequence), numbering);
            await EmitAsync(market.Snapshot(21 - sequence, session: 21 - sequence), numbering);
        }
        await cluster.LoggedAsync(market, 20);
        await SettledAsync();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), cluster.World.Predictions.Entries(market.Id).Select(p => p.Sequence));
        await Eventually.TrueAsync(() => ear.Predictions.Count >= 20);
        Assert.Equal(ear.Predictions.Select(p => p.Sequence).Distinct(), ear.Predictions.Select(p => p.Sequence));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_that_never_reaches_the_stream_is_predicted_all_the_same(bool isTold)
    {
        await cluster.RunAsync(market);
        market.LetOut(2);
        await cluster.LoggedAsync(market, 2);
        var lost = new Losses(cluster.World.Streams, TrmStreams.Snapshots, market.Id, fails: isTold);
        market.LetOut(4);
        await cluster.LoggedAsync(market, 4);
        Assert.NotEqual(0, lost.Count);
        lost.Stop();
        market.LetOut(5);
        await cluster.LoggedAsync(market, 5);
        cluster.AssertWhole(market, 5);
    }

    [Fact]
    public async Task An_append_that_fails_keeps_the_snapshot_and_its_sequence()
    {
        var ear = await cluster.ListenAsync(market);
        cluster.World.Predictions.With(market.Id, log => log.FailBeforeCommit = 3);
        await cluster.RunAsync(market);
        market.LetOut(4);
        await cluster.LoggedAsync(market, 4);
        await ear.ToldAsync("append_failed");
        await Eventually.TrueAsync(() => ear.Predictions.Count >= 4);
        cluster.AssertWhole(market, 4);
        Assert.Equal([1, 2, 3, 4], ear.Predictions.Select(p => p.Sequence));
    }

    [Fact]
    public async Task An_append_that_failed_after_its_commit_is_published_as_the_log_has_it()
    {
        var ear = await cluster.ListenAsync(market);
        await cluster.RunAsync(market);
        cluster.World.Predictions.With(market.Id, log => log.FailAfterCommit = 1);
        market.LetOut(3);
        await Eventually.TrueAsync(() => ear.Predictions.Count >= 3);
        cluster.AssertWhole(market, 3);
        Assert.Equal([1, 2, 3], ear.Predictions.Select(p => p.Sequence));
        Assert.Equal(Facts(cluster.World.Predictions.Entries(market.Id)[0]), Facts(ear.Predictions[0]));
    }

    [Fact]
    public async Task An_append_that_only_the_source_knows_of_holds_nothing_up()
    {
        await cluster.RunAsync(market);
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);

        // 4 is in the log, and before the strategy hears of it, or rather that it failed, its source starts anew and finds it there.
        TaskCompletionSource appended = new(), answer = new();
        cluster.World.Predictions.Appended = async prediction =>
        {
            if (prediction.Market != market.Id || prediction.Sequence != 4 || appended.Task.IsCompleted) return;
            appended.SetResult();
            await answer.Task;
            throw new IOException("the connection broke");
        };
        market.LetOut(4);
        await appended.Task;
        await Eventually.TrueAsync(async () => (await cluster.Grain<IHistoryGrain>(market.Id).HeadAsync()).Sequence == 4); // read anew when it is not fresh
        await cluster.Grain<IFeatureSourceGrain>(market.Id).AcknowledgeAsync(Guid.NewGuid(), 4);
        await Eventually.TrueAsync(() => market.Opened == 2);
        await Eventually.TrueAsync(async () => (await cluster.Grain<IFeatureSourceGrain>(market.Id).StatusAsync()).Pending == 0);
        answer.SetResult();
        market.LetOut(8);
        await cluster.LoggedAsync(market, 8);
        cluster.World.Predictions.Appended = null;
        cluster.AssertWhole(market, 8);
    }

    [Fact]
    public async Task A_log_that_cannot_be_looked_up_costs_no_snapshot()
    {
        await cluster.RunAsync(market);
        market.LetOut(2);
        await cluster.LoggedAsync(market, 2);
        await SettledAsync();
        // Another log, and nobody can see where it stands.
        var refusals = 0;
        cluster.World.Predictions.Looked = id =>
            id == market.Id && Interlocked.Increment(ref refusals) <= 3 ? throw new TrmException("storage_unavailable", "the database restarts") : Task.CompletedTask;
        cluster.World.Predictions.With(market.Id, log => log.Entries.RemoveAt(1));
        market.LetOut(6);
        await Eventually.TrueAsync(() => cluster.World.Predictions.Entries(market.Id).Count >= 3);
        Assert.True(refusals > 1);
        cluster.World.Predictions.Looked = null;
        var log = cluster.World.Predictions.Entries(market.Id);
        Assert.Equal(log.Select(p => p.Sequence), Enumerable.Range(1, log.Count).Select(i => (long)i));
    }

    [Theory]
    [InlineData("overloaded")]
    [InlineData("predictor_closed")]
    public async Task A_model_that_has_no_room_now_gets_the_snapshot_again(string code)
    {
        var ear = await cluster.ListenAsync(market);
        var refusals = 3;
        market.Predicting = session => session == 2 && Interlocked.Decrement(ref refusals) >= 0 ? throw new TrmException(code, "not now") : Task.CompletedTask;
        await cluster.RunAsync(market);
        market.LetOut(4);
        await cluster.LoggedAsync(market, 4);
        await ear.ToldAsync(code);
        Assert.True(refusals < 0);
        cluster.AssertWhole(market, 4);
    }

    [Fact]
    public async Task A_snapshot_the_model_refuses_is_dropped_without_a_hole_and_those_behind_keep_their_order()
    {
        var ear = await cluster.ListenAsync(market);
        // The one in the middle is refused while those behind it wait.
        var waiting = new TaskCompletionSource();
        market.Predicting = async session =>
        {
            if (session == 2) await waiting.Task;
            if (session is 2 or 5) throw new TrmException("invalid_features", "the model cannot take these");
        };
        await cluster.RunAsync(market);
        market.LetOut(6);
        await Eventually.TrueAsync(async () => (await cluster.Grain<IFeatureSourceGrain>(market.Id).StatusAsync()).LastSequence == 6);
        waiting.SetResult();
        market.LetOut(8);
        await cluster.LoggedAsync(market, 6);
        await ear.ToldAsync("invalid_features");
        await SettledAsync();

        var log = cluster.World.Predictions.Entries(market.Id);
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Select(p => p.Sequence));
        Assert.Equal([1, 3, 4, 6, 7, 8], log.Select(p => TestMarket.SessionOf(p.AsOf)));
    }

    [Fact]
    public async Task An_error_nobody_foresaw_drops_its_snapshot_and_says_no_more_than_that()
    {
        var ear = await cluster.ListenAsync(market);
        market.Predicting = session => session == 1 ? throw new FormatException("secret of this machine") : Task.CompletedTask;
        await cluster.RunAsync(market);
        market.LetOut(2);
        await cluster.LoggedAsync(market, 1);
        await ear.ToldAsync("internal_error");
        Assert.DoesNotContain("secret", ear.Errors.Single(e => e.Code == "internal_error").Message, StringComparison.Ordinal);
        Assert.Equal(2, TestMarket.SessionOf(cluster.World.Predictions.Entries(market.Id)[0].AsOf));
    }

    [Fact]
    public async Task A_log_that_starts_over_is_followed_from_one()
    {
        await cluster.RunAsync(market);
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);
        cluster.World.Predictions.StartOver(market.Id);
        await Eventually.TrueAsync(async () =>
        {
            // One after the other: the first of them finds out.
            market.LetOut((await cluster.Grain<IFeatureSourceGrain>(market.Id).StatusAsync()).LastSequence + 4);
            return cluster.World.Predictions.Entries(market.Id).Count >= 3;
        });
        var log = cluster.World.Predictions.Entries(market.Id);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(i => (long)i), log.Select(p => p.Sequence));
        Assert.All(log, p => Assert.Equal(cluster.World.Predictions.Epoch(market.Id), p.Epoch));
    }

    [Fact]
    public async Task A_log_that_lost_its_end_is_continued_from_where_it_stands()
    {
        await cluster.RunAsync(market);
        market.LetOut(6);
        await cluster.LoggedAsync(market, 6);
        await SettledAsync();
        cluster.World.Predictions.With(market.Id, log => log.Entries.RemoveRange(3, 3));
        await Eventually.TrueAsync(async () =>
        {
            market.LetOut(TestMarket.SessionOf((await cluster.Grain<IHistoryGrain>(market.Id).HeadAsync()).Latest!.AsOf) + 8);
            return cluster.World.Predictions.Entries(market.Id).Count >= 8;
        });
        var log = cluster.World.Predictions.Entries(market.Id);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(i => (long)i), log.Select(p => p.Sequence));
    }

    private async Task<Guid> NumberingAsync()
    {
        await cluster.RunAsync(market);
        return (await cluster.Grain<IFeatureSourceGrain>(market.Id).PendingAsync(0)).Numbering;
    }

    private Task EmitAsync(Core.Snapshots.Snapshot snapshot, Guid numbering) => cluster.Snapshots(market).OnNextAsync(new SnapshotEvent(snapshot, numbering));

    /// <summary>Completes when the events before it are dealt with, and nothing waits.</summary>
    private async Task SettledAsync()
    {
        // Events of a stream come in order: an error of a marked one says that those before it were heard.
        await cluster.Grain<IStrategyGrain>(market.Id).CatchUpAsync();
        await Eventually.TrueAsync(async () => (await cluster.Grain<IFeatureSourceGrain>(market.Id).StatusAsync()).Pending == 0);
    }

    private static (Guid, long, DateTimeOffset, DateTimeOffset, string, string) Facts(Prediction p) =>
        (p.Epoch, p.Sequence, p.Timestamp, p.AsOf, p.TraceParent, string.Join(' ', p.Probabilities));
}
