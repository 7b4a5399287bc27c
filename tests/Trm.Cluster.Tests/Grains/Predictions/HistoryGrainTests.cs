using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.Grains.Predictions;

public sealed class HistoryGrainTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly TestCluster cluster = fixture.Cluster;
    private readonly TestMarket market = fixture.Cluster.World.Add();

    private IHistoryGrain History => cluster.Grain<IHistoryGrain>(market.Id);

    [Fact]
    public async Task A_new_market_gets_its_epoch_and_keeps_it()
    {
        var head = await History.HeadAsync();
        Assert.Equal((cluster.World.Predictions.Epoch(market.Id), 0L), (head.Epoch, head.Sequence));
        Assert.Equal(head, await History.HeadAsync());
    }

    [Fact]
    public async Task An_append_is_added_once_and_what_is_there_stays_as_it_is()
    {
        var first = await MakeAsync(1);
        Assert.Equal(Reply(AppendResult.Added, 1), await History.AppendAsync(first));
        Assert.Equal(Reply(AppendResult.AlreadyThere, 1), await History.AppendAsync(first with { ModelVersion = "another" }));
        Assert.Equal(Reply(AppendResult.Added, 2), await History.AppendAsync(await MakeAsync(2)));
        Assert.Equal(Reply(AppendResult.AlreadyThere, 2), await History.AppendAsync(first));
        Assert.Equal(["fake-1", "fake-1"], cluster.World.Predictions.Entries(market.Id).Select(p => p.ModelVersion));
        Assert.Equal(2, (await History.HeadAsync()).Sequence);
    }

    [Fact]
    public async Task A_sequence_that_does_not_follow_is_a_gap_and_says_where_the_log_stands()
    {
        await History.AppendAsync(await MakeAsync(1));
        Assert.Equal(Reply(AppendResult.Gap, 1), await History.AppendAsync(await MakeAsync(3)));
        Assert.Equal(Reply(AppendResult.Added, 2), await History.AppendAsync(await MakeAsync(2)));
    }

    [Fact]
    public async Task A_prediction_of_another_epoch_is_not_added_and_the_reply_says_which_it_is()
    {
        await History.AppendAsync(await MakeAsync(1));
        var late = await MakeAsync(2);
        cluster.World.Predictions.StartOver(market.Id);
        Assert.Equal(Reply(AppendResult.EpochChanged, 0), await History.AppendAsync(late));
        Assert.Equal(cluster.World.Predictions.Epoch(market.Id), (await History.HeadAsync()).Epoch);
        Assert.Equal(Reply(AppendResult.Added, 1), await History.AppendAsync(await MakeAsync(1)));
    }

    [Fact]
    public async Task After_an_append_that_failed_the_head_is_read_anew()
    {
        await History.AppendAsync(await MakeAsync(1));
        cluster.World.Predictions.With(market.Id, log => log.FailBeforeCommit = 1);
        var error = await Assert.ThrowsAsync<ClusterException>(async () => await History.AppendAsync(await MakeAsync(2)));
        Assert.Equal("storage_unavailable", error.Code);
        Assert.Equal(1, (await History.HeadAsync()).Sequence);

        // Committed, though it failed: who asks next must hear of it.
        var second = await MakeAsync(2);
        cluster.World.Predictions.With(market.Id, log => log.FailAfterCommit = 1);
        await Assert.ThrowsAnyAsync<Exception>(() => History.AppendAsync(second));
        Assert.Equal(2, (await History.HeadAsync()).Sequence);
        Assert.Equal(Reply(AppendResult.AlreadyThere, 2), await History.AppendAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_look_at_the_log_while_an_append_is_under_way_hides_nothing_of_it(bool failsAfterCommit)
    {
        // On its own: every call of the log goes by these.
        var world = new TestWorld();
        await using var own = await TestCluster.StartAsync(silos: 1, world: world);
        var mine = world.Add();
        var history = own.Grain<IHistoryGrain>(mine.Id);
        var first = TestPredictions.Of(mine, 1, (await history.HeadAsync()).Epoch);
        TaskCompletionSource appending = new(), commit = new(), looked = new(), answer = new();
        world.Predictions.Appending = _ =>
        {
            appending.SetResult();
            return commit.Task;
        };
        world.Predictions.Looked = _ =>
        {
            looked.TrySetResult();
            return answer.Task;
        };
        if (failsAfterCommit) world.Predictions.With(mine.Id, log => log.FailAfterCommit = 1);
        var append = history.AppendAsync(first);
        await appending.Task;
        var asked = history.HeadAsync();
        await looked.Task;
        commit.SetResult();
        if (failsAfterCommit) await Assert.ThrowsAnyAsync<Exception>(() => append);
        else Assert.Equal(AppendResult.Added, (await append).Result);
        answer.SetResult();
        await asked;
        Assert.Equal(1, (await history.HeadAsync()).Sequence);
    }

    [Fact]
    public async Task A_range_and_the_totals_are_read_from_the_log()
    {
        for (var i = 1; i <= 5; i++) await History.AppendAsync(await MakeAsync(i));
        var range = await History.ReadAsync(new LogQuery { After = 1, Before = 5, Limit = 2 });
        Assert.Equal([2, 3], range.Select(p => p.Sequence));
        var summary = await History.SummarizeAsync();
        Assert.Equal((5L, 5, 5L), (summary.TotalPredictions, summary.RecentCount, summary.Last!.Sequence));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("append")]
    [InlineData("read")]
    [InlineData("summarize")]
    [InlineData("latest")]
    [InlineData("outcomes")]
    public async Task A_market_that_is_not_served_is_refused_by_name_and_gets_no_log(string call)
    {
        const string unknown = "nowhere";
        var history = cluster.Grain<IHistoryGrain>(unknown);
        var prediction = await MakeAsync(1) with { Market = unknown };
        for (var again = 0; again < 2; again++)
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => call switch
            {
                "head" => history.HeadAsync(),
                "append" => history.AppendAsync(prediction),
                "read" => history.ReadAsync(new LogQuery()),
                "summarize" => history.SummarizeAsync(),
                "outcomes" => history.OutcomesAsync(new OutcomeQuery()),
                _ => cluster.Grain<IStrategyGrain>(unknown).LatestAsync(),
            });
            Assert.Equal("unknown_market", error.Code);
        }
        Assert.False(cluster.World.Predictions.Has(unknown));
    }

    private AppendReply Reply(AppendResult result, long sequence) => new(result, cluster.World.Predictions.Epoch(market.Id), sequence);

    private async Task<Prediction> MakeAsync(long sequence) => TestPredictions.Of(market, sequence, (await History.HeadAsync()).Epoch);
}
