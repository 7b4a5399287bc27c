using System.Net;
using System.Net.WebSockets;
using Trm.Cluster.Tests.Support;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Cluster.Tests.GatewayHost;

/// <summary>What a gateway's clients see while silos, or all of the cluster, are away.</summary>
public sealed class AbsenceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_hears_each_sequence_once_and_in_order_across_a_silos_end(bool isKilled)
    {
        await using var cluster = await TestCluster.StartAsync();
        var markets = Enumerable.Range(0, 4).Select(_ => Running(cluster)).ToList();
        foreach (var market in markets) await cluster.RunAsync(market);
        await using var gateway = await TestGateway.StartAsync(cluster);
        await gateway.ReadyAsync();
        await using var client = new ResumingClient(gateway.Address);
        await client.SubscribedAsync();
        foreach (var market in markets) await client.HeardAsync(market.Id, 5);

        await cluster.StartSilosAsync(1);
        var silo = await Eventually.AnsweredAsync(async () =>
            await cluster.SiloOfAsync(cluster.Grain<IStrategyGrain>(markets[0].Id)) ?? throw new TimeoutException("it runs nowhere"));
        await (isKilled ? cluster.KillAsync(silo) : cluster.StopAsync(silo));
        var reached = markets.ToDictionary(m => m.Id, m => (long)cluster.World.Predictions.Entries(m.Id).Count);
        foreach (var market in markets) await client.HeardAsync(market.Id, reached[market.Id] + 10);

        foreach (var market in markets)
        {
            client.AssertOnceAndInOrder(market.Id);
            cluster.AssertWhole(market, cluster.World.Predictions.Entries(market.Id).Count);
        }
        Assert.Equal(1, client.Connections);
    }

    [Fact]
    public async Task A_gateway_outlives_its_clusters_absence_and_its_clients_miss_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var market = Running(cluster);
        await cluster.RunAsync(market);
        await using var gateway = await TestGateway.StartAsync(cluster);
        await gateway.ReadyAsync();
        await using var client = new ResumingClient(gateway.Address);
        await client.HeardAsync(market.Id, 3);

        await cluster.StopAllAsync();
        await Eventually.TrueAsync(() => client.Errors.Contains("cluster_unavailable"));
        await Eventually.TrueAsync(async () => await gateway.StatusAsync("/health/ready") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.StatusAsync($"/api/markets/{market.Id}/summary"));
        var before = cluster.World.Predictions.Entries(market.Id).Count;

        await cluster.StartSilosAsync(2);
        await gateway.ReadyAsync();
        await client.HeardAsync(market.Id, before + 10);
        client.AssertOnceAndInOrder(market.Id);
        Assert.Equal(1, client.Connections);
        Assert.Single(client.Errors, "cluster_unavailable");
        cluster.AssertWhole(market, cluster.World.Predictions.Entries(market.Id).Count);
    }

    [Fact]
    public async Task Before_the_cluster_has_answered_what_needs_it_is_refused_with_503()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.World.Add();
        await cluster.StopAllAsync();
        await using var gateway = await TestGateway.StartAsync(cluster);

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await gateway.StatusAsync("/health/ready"));
        foreach (var path in new[] { "/api/markets", "/api/trm/summary", "/ws/client" })
        {
            using var refused = await gateway.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("\"code\":\"cluster_unavailable\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new Uri($"{gateway.Address.Replace("http", "ws", StringComparison.Ordinal)}/ws/client"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, socket.HttpStatusCode);

        await cluster.StartSilosAsync(2);
        await gateway.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/api/markets"));
    }

    private static TestMarket Running(TestCluster cluster)
    {
        var market = cluster.World.Add((id, code) => new TestMarket
        {
            Id = id, Code = code, Origin = SnapshotOrigin.Replay, Interval = TimeSpan.FromMilliseconds(50),
        });
        market.LetOut(long.MaxValue);
        return market;
    }
}
