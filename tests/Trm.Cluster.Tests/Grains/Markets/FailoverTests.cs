using Trm.Cluster.Tests.Support;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces.Markets;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Cluster.Tests.Grains.Markets;

public sealed class FailoverTests
{
    [Theory]
    [InlineData("source", true)]
    [InlineData("strategy", true)]
    [InlineData("history", true)]
    [InlineData("source", false)]
    public async Task A_market_runs_on_without_its_silo_and_without_a_reminder(string part, bool isKilled)
    {
        await using var cluster = await TestCluster.StartAsync(silos: 3, reminders: new NoReminders());
        var market = cluster.World.Add((id, code) => new TestMarket
        {
            Id = id, Code = code, Origin = SnapshotOrigin.Replay, Interval = TimeSpan.FromMilliseconds(20),
        });
        var neighbours = Enumerable.Range(0, 3).Select(_ => cluster.World.Add()).ToList();
        market.LetOut(long.MaxValue);
        foreach (var each in neighbours.Append(market)) await cluster.RunAsync(each);
        await cluster.LoggedAsync(market, 10);

        IAddressable grain = part switch
        {
            "source" => cluster.Grain<IFeatureSourceGrain>(market.Id),
            "strategy" => cluster.Grain<IStrategyGrain>(market.Id),
            _ => cluster.Grain<IHistoryGrain>(market.Id),
        };
        var silo = await Eventually.AnsweredAsync(async () => await cluster.SiloOfAsync(grain) ?? throw new TimeoutException("it runs nowhere"));
        var leaving = isKilled ? cluster.KillAsync(silo) : cluster.StopAsync(silo);
        await leaving;
        var before = cluster.World.Predictions.Entries(market.Id).Count;

        // Nobody calls the market here: only the other silos can have brought it back.
        await cluster.LoggedAsync(market, before + 20);
        foreach (var each in neighbours)
        {
            each.LetOut(3);
            await cluster.LoggedAsync(each, 3);
            cluster.AssertWhole(each, 3);
        }
        var count = cluster.World.Predictions.Entries(market.Id).Count;
        cluster.AssertWhole(market, count);
    }

    [Fact]
    public async Task Every_silo_in_turn_may_be_replaced()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2);
        var markets = Enumerable.Range(0, 4).Select(_ => cluster.World.Add((id, code) => new TestMarket
        {
            Id = id, Code = code, Origin = SnapshotOrigin.Replay, Interval = TimeSpan.FromMilliseconds(50),
        })).ToList();
        foreach (var market in markets)
        {
            market.LetOut(long.MaxValue);
            await cluster.RunAsync(market);
        }
        foreach (var old in cluster.Silos.ToList())
        {
            await cluster.StartSilosAsync(1);
            await cluster.KillAsync(old);
            foreach (var market in markets) await cluster.LoggedAsync(market, cluster.World.Predictions.Entries(market.Id).Count + 5);
        }
        foreach (var market in markets) cluster.AssertWhole(market, cluster.World.Predictions.Entries(market.Id).Count);
    }

    [Fact]
    public async Task State_that_dies_with_its_silo_is_made_from_the_log()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2);
        var market = cluster.World.Add();
        await cluster.RunAsync(market);
        market.LetOut(5);
        await cluster.LoggedAsync(market, 5);
        var silo = await Eventually.AnsweredAsync(async () => await cluster.SiloOfAsync(cluster.Grain<IFeatureSourceGrain>(market.Id)) ?? throw new TimeoutException());
        cluster.World.Storage.Forget(market.Id);
        await cluster.KillAsync(silo);
        market.LetOut(9);
        await cluster.LoggedAsync(market, 9);
        cluster.AssertWhole(market, 9);
    }

    [Fact]
    public async Task Silos_start_every_market_they_know()
    {
        var world = new TestWorld();
        var markets = Enumerable.Range(0, 40).Select(_ => world.Add()).ToList();
        // One that cannot start now does not keep the others from it.
        var refusals = 2;
        markets[7].Opening = () =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0) throw new Core.TrmException("storage_unavailable", "not yet");
        };
        foreach (var market in markets) market.LetOut(1);
        await using var cluster = await TestCluster.StartAsync(world: world);
        foreach (var market in markets) await cluster.LoggedAsync(market, 1);
        Assert.Equal(world.Markets.Select(m => m.Id), (await cluster.Client.GetGrain<IMarketsGrain>(0).ListAsync()).Select(m => m.Id));
    }
}
