using Orleans.Storage;
using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains;
using Trm.Grains.Snapshots;

namespace Trm.Cluster.Tests.Grains.Snapshots;

public sealed class FeatureSourceTests(FeatureSourceTests.SmallLimit fixture) : IClassFixture<FeatureSourceTests.SmallLimit>
{
    private const int PendingLimit = 4;

    private readonly TestCluster cluster = fixture.Cluster;
    private readonly TestMarket market = fixture.Cluster.World.Add();

    private IFeatureSourceGrain Source => cluster.Grain<IFeatureSourceGrain>(market.Id);

    [Fact]
    public async Task Nothing_is_emitted_before_the_storage_took_it_and_nothing_is_lost_by_its_refusals()
    {
        var ear = await cluster.ListenAsync(market);
        await cluster.RunAsync(market);
        market.LetOut(2);
        await cluster.LoggedAsync(market, 2);

        var refused = 0;
        using (cluster.World.Storage.When(market.Id, () =>
        {
            Interlocked.Increment(ref refused);
            throw new TrmException("storage_unavailable", "the disk is full");
        }))
        {
            market.LetOut(4);
            // A live market hears of news until it has read it: it tries the same session at every tick.
            await PushUntilAsync(() => Volatile.Read(ref refused) >= 3);
            await ear.ToldAsync("storage_unavailable");
            Assert.Equal(2, cluster.World.Predictions.Entries(market.Id).Count);
            Assert.Equal(2, (await Source.StatusAsync()).LastSequence);
            Assert.Empty((await Source.PendingAsync(2)).Snapshots);
        }
        await PushUntilAsync(() => cluster.World.Predictions.Entries(market.Id).Count >= 4);
        cluster.AssertWhole(market, 4);
    }

    [Fact]
    public async Task A_snapshot_is_handed_out_and_told_of_only_when_it_is_stored()
    {
        await cluster.RunAsync(market);
        market.LetOut(1);
        await cluster.LoggedAsync(market, 1);
        var writing = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        using (cluster.World.Storage.When(market.Id, () =>
        {
            writing.TrySetResult();
            return goOn.Task;
        }))
        {
            market.LetOut(2);
            await writing.Task;
            Assert.Empty((await Source.PendingAsync(1)).Snapshots);
            Assert.Equal(1, (await Source.StatusAsync()).LastSequence);
            goOn.SetResult();
            await cluster.LoggedAsync(market, 2);
        }
        cluster.AssertWhole(market, 2);
    }

    [Fact]
    public async Task Another_activations_write_starts_the_source_over_from_what_is_stored()
    {
        await cluster.RunAsync(market);
        market.LetOut(2);
        await cluster.LoggedAsync(market, 2);

        // Another activation read session 3, numbered and stored it, and died before it emitted it.
        await cluster.World.Storage.ChangeAsync<SourceState>(market.Id, state => state.Add(market.Snapshot(3, session: 3)));
        market.LetOut(6);
        await cluster.LoggedAsync(market, 6);
        Assert.Equal(2, market.Opened);
        cluster.AssertWhole(market, 6);
    }

    [Fact]
    public async Task A_write_that_was_carried_out_although_it_failed_loses_nothing()
    {
        await cluster.RunAsync(market);
        market.LetOut(1);
        await cluster.LoggedAsync(market, 1);
        var failed = 0;
        cluster.World.Storage.FailAfterWrite(market.Id, () => Interlocked.Increment(ref failed) == 1);
        market.LetOut(5);
        await PushUntilAsync(() => cluster.World.Predictions.Entries(market.Id).Count >= 5);
        Assert.NotEqual(0, failed);
        cluster.AssertWhole(market, 5);
    }

    [Fact]
    public async Task A_state_that_is_lost_starts_from_the_log()
    {
        await cluster.RunAsync(market);
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);
        cluster.World.Storage.Forget(market.Id);
        market.LetOut(6);
        await cluster.LoggedAsync(market, 6);
        cluster.AssertWhole(market, 6);
    }

    [Fact]
    public async Task Ticks_beyond_the_limit_are_left_out_and_told_and_nothing_is_lost()
    {
        var ear = await cluster.ListenAsync(market);
        var held = Hold(market);
        await cluster.RunAsync(market);
        market.LetOut(9);
        await ear.ToldAsync("predictions_behind");
        var status = await Source.StatusAsync();
        Assert.Equal((PendingLimit, (long)PendingLimit), (status.Pending, status.LastSequence));
        held.SetResult();
        await PushUntilAsync(() => cluster.World.Predictions.Entries(market.Id).Count >= 9);
        cluster.AssertWhole(market, 9);
    }

    [Fact]
    public async Task As_fast_as_it_goes_makes_every_prediction_and_never_exceeds_the_limit()
    {
        var fast = cluster.World.Add((id, code) => new TestMarket { Id = id, Code = code, Origin = SnapshotOrigin.Replay, Interval = TimeSpan.Zero });
        var ear = await cluster.ListenAsync(fast);
        var source = cluster.Grain<IFeatureSourceGrain>(fast.Id);
        var most = 0;
        cluster.World.Storage.OnState<SourceState>(fast.Id, state => most = Math.Max(most, state.Pending.Count));
        var held = Hold(fast);
        fast.LetOutToTheEnd(200);
        await cluster.RunAsync(fast);
        await Eventually.TrueAsync(async () => (await source.StatusAsync()).Pending == PendingLimit);
        held.SetResult();
        await cluster.LoggedAsync(fast, 200);
        cluster.AssertWhole(fast, 200);
        Assert.InRange(most, 1, PendingLimit);
        await Eventually.TrueAsync(async () => (await source.StatusAsync()).EndReason is not null);
        Assert.Equal("no more sessions", (await source.StatusAsync()).EndReason);
        Assert.DoesNotContain("predictions_behind", ear.Errors.Select(e => e.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_refused_while_the_next_is_being_stored_costs_only_itself(bool storageFails)
    {
        var ear = await cluster.ListenAsync(market);
        market.Predicting = session => session == 2 ? throw new TrmException("invalid_features", "not these") : Task.CompletedTask;
        await cluster.RunAsync(market);
        market.LetOut(1);
        await cluster.LoggedAsync(market, 1);
        var lost = new Losses(cluster.World.Streams, TrmStreams.Snapshots, market.Id);
        var storing = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var writes = 0;
        using (cluster.World.Storage.When(market.Id, async () =>
        {
            if (Interlocked.Increment(ref writes) != 2) return;
            storing.TrySetResult();
            await goOn.Task;
            if (storageFails) throw new TrmException("storage_unavailable", "the disk is full");
        }))
        {
            // 2 is stored and lost on its way; 3 is being stored when the strategy asks for 2 and refuses it.
            market.LetOut(3);
            await storing.Task;
            await ear.ToldAsync("invalid_features");
            // The refusal comes meanwhile, and must wait its turn.
            for (var i = 0; i < 200; i++) await Source.StatusAsync();
            goOn.SetResult();
            await Eventually.TrueAsync(() => writes > 2);
        }
        lost.Stop();
        market.LetOut(6);
        await PushUntilAsync(() => cluster.World.Predictions.Entries(market.Id).Count >= 5);
        Assert.Equal([1, 3, 4, 5, 6], cluster.World.Predictions.Entries(market.Id).Select(p => TestMarket.SessionOf(p.AsOf)));
    }

    [Fact]
    public async Task A_source_told_of_another_log_while_it_stores_starts_over_quietly()
    {
        await cluster.RunAsync(market);
        market.LetOut(1);
        await cluster.LoggedAsync(market, 1);
        var storing = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        using (cluster.World.Storage.When(market.Id, () =>
        {
            storing.TrySetResult();
            return goOn.Task;
        }))
        {
            market.LetOut(4);
            await storing.Task;
            var before = cluster.World.Calls(market.Id, nameof(IFeatureSourceGrain.AcknowledgeAsync));
            await Source.AcknowledgeAsync(Guid.NewGuid(), 7);
            await Eventually.TrueAsync(() => cluster.World.Calls(market.Id, nameof(IFeatureSourceGrain.AcknowledgeAsync)) > before);
            goOn.SetResult();
            await cluster.LoggedAsync(market, 4);
        }
        Assert.Equal(2, market.Opened);
        Assert.Empty(cluster.World.Crashes);
        cluster.AssertWhole(market, 4);
    }

    [Fact]
    public async Task A_source_that_cannot_read_says_why_and_tries_again()
    {
        var ear = await cluster.ListenAsync(market);
        await cluster.RunAsync(market);
        await ear.ToldAsync("no_session");
        market.LetOut(1);
        await cluster.LoggedAsync(market, 1);
    }

    [Fact]
    public async Task A_source_that_cannot_be_opened_is_opened_at_the_next_call()
    {
        market.Opening = () => throw new TrmException("storage_unavailable", "no bars now");
        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.RunAsync(market));
        Assert.Equal("storage_unavailable", error.Code);
        market.Opening = null;
        market.LetOut(1);
        await cluster.RunAsync(market);
        await cluster.LoggedAsync(market, 1);
    }

    [Fact]
    public async Task Starting_what_runs_changes_nothing()
    {
        market.LetOut(2);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cluster.RunAsync(market)));
        await cluster.LoggedAsync(market, 2);
        await cluster.RunAsync(market);
        Assert.Equal(1, market.Opened);
        cluster.AssertWhole(market, 2);
    }

    [Fact]
    public async Task Its_reminder_starts_a_market_that_does_not_run()
    {
        market.LetOut(1);
        await Source.AsReference<IRemindable>().ReceiveReminder("revive", default);
        await cluster.LoggedAsync(market, 1);
    }

    [Fact]
    public async Task A_table_of_reminders_that_does_not_answer_holds_up_no_tick()
    {
        var answer = new TaskCompletionSource();
        await using var own = await TestCluster.StartAsync(silos: 1, reminders: new NoReminders(answer.Task));
        var mine = own.World.Add();
        mine.LetOut(3);
        await own.RunAsync(mine);
        await own.LoggedAsync(mine, 3);
        answer.SetResult();
    }

    [Fact]
    public async Task Pushed_bars_reach_the_intake_and_a_live_market_ticks_at_once()
    {
        var deaf = cluster.World.Add((id, code) => new TestMarket { Id = id, Code = code, IsDeaf = true });
        var source = cluster.Grain<IFeatureSourceGrain>(deaf.Id);
        await cluster.RunAsync(deaf);
        deaf.LetOut(2);
        var bars = new[] { new Bar("SPY", new DateOnly(2026, 11, 20), 1, 2, 0.5, 1.5, 100) };
        Assert.Equal(1, (await source.PushBarsAsync(bars)).Added);
        await cluster.LoggedAsync(deaf, 1);
        Assert.Equal(bars, Assert.Single(cluster.World.Bars, pushed => pushed.Market == deaf.Id).Bars);

        var receipt = await source.PushCsvAsync("date,symbol\n1\n2\n");
        Assert.Equal((2, 1L, new RefusedBar(7, "no close")), (receipt.Added, receipt.RejectedCount, receipt.Rejected.Single()));
        await cluster.LoggedAsync(deaf, 2);
        cluster.AssertWhole(deaf, 2);
    }

    [Fact]
    public async Task Text_that_is_unusable_as_a_whole_is_the_pushers_error()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => Source.PushCsvAsync("nonsense"));
        Assert.Equal(("bad_header", "no column date"), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    [InlineData("bars")]
    [InlineData("csv")]
    public async Task A_market_that_is_not_served_is_refused_by_name_and_gets_no_log(string call)
    {
        var source = cluster.Grain<IFeatureSourceGrain>("nowhere");
        var error = await Assert.ThrowsAsync<ClusterException>(() => call switch
        {
            "run" => source.EnsureRunningAsync(),
            "status" => source.StatusAsync(),
            "bars" => source.PushBarsAsync([]),
            _ => source.PushCsvAsync("date,"),
        });
        Assert.Equal("unknown_market", error.Code);
        Assert.StartsWith("market 'nowhere' is not served here", error.Message, StringComparison.Ordinal);
        Assert.False(cluster.World.Predictions.Has("nowhere"));
    }

    // What a market's clock does, quicker: each push is a tick.
    private Task PushUntilAsync(Func<bool> condition) => Eventually.TrueAsync(async () =>
    {
        await Source.PushBarsAsync([default]);
        return condition();
    });

    private static TaskCompletionSource Hold(TestMarket market)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        market.Predicting = _ => held.Task;
        return held;
    }

    public sealed class SmallLimit : ClusterFixture
    {
        internal override Task<TestCluster> StartAsync() => TestCluster.StartAsync(source: o => o.PendingLimit = PendingLimit);
    }
}
