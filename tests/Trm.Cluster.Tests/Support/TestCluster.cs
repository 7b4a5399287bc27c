using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Streams;
using Orleans.TestingHost;
using Trm.Core.Bars;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains;
using Trm.Grains.Markets;
using Trm.Grains.Snapshots;

namespace Trm.Cluster.Tests.Support;

/// <summary>Real silos in this process over one world, and a client.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Each queue is looked at a hundred times a second by its silo: a few are enough here.</summary>
    private const int Queues = 2;
    private static readonly string[] StreamProviders = [TrmStreams.Provider, TrmStreams.SnapshotProvider];

    private readonly InProcessTestCluster cluster;

    private TestCluster(InProcessTestCluster cluster, TestWorld world) => (this.cluster, World) = (cluster, world);

    public TestWorld World { get; }

    public IClusterClient Client => cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => cluster.Silos;

    public static async Task<TestCluster> StartAsync(
        short silos = 2, TestWorld? world = null, Action<SourceOptions>? source = null, NoReminders? reminders = null)
    {
        world ??= new TestWorld();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.AddProvider(world));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IMarketBook>(world).AddSingleton<IBarIntake>(world).AddSingleton<IPredictor>(world);
            silo.Services.AddSingleton<IPredictionLog>(world.Predictions).AddSingleton<IBarStore>(world.Sessions).AddSingleton<IOutcomeLog>(world.Outcomes);
            foreach (var name in new[] { GrainStorage.Name, TrmStreams.PubSubStore })
                silo.Services.AddGrainStorage(name, (services, _) => world.Storage.For(services.GetRequiredService<Serializer>()));
            foreach (var provider in StreamProviders)
            {
                silo.AddMemoryStreams(provider, streams =>
                {
                    streams.ConfigurePartitioning(Queues);
                    streams.ConfigurePullingAgent(agent => agent.Configure(o => o.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)));
                });
            }
            silo.AddOutgoingGrainCallFilter(world.Streams).AddIncomingGrainCallFilter(world);
            if (reminders is null) silo.UseInMemoryReminderService();
            else silo.AddReminders().Services.AddSingleton<IReminderTable>(reminders);
            silo.AddTrmGrains();
            silo.Services.Configure<SourceOptions>(options =>
            {
                options.RetryAfter = TimeSpan.FromMilliseconds(500);
                source?.Invoke(options);
            });
        });
        builder.ConfigureClient(client =>
        {
            foreach (var provider in StreamProviders) client.AddMemoryStreams(provider, streams => streams.ConfigurePartitioning(Queues));
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromMilliseconds(500));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster, world);
    }

    public T Grain<T>(string market)
        where T : IGrainWithStringKey => Client.GetGrain<T>(market);

    /// <summary>Starts a market as the silos do.</summary>
    public Task RunAsync(TestMarket market) => Grain<IFeatureSourceGrain>(market.Id).EnsureRunningAsync();

    public IAsyncStream<SnapshotEvent> Snapshots(TestMarket market) =>
        Client.GetStreamProvider(TrmStreams.SnapshotProvider).GetStream<SnapshotEvent>(StreamId.Create(TrmStreams.Snapshots, market.Id));

    public IAsyncStream<FeedEvent> Predictions(TestMarket market) =>
        Client.GetStreamProvider(TrmStreams.Provider).GetStream<FeedEvent>(StreamId.Create(TrmStreams.Predictions, market.Id));

    /// <summary>Hears a market's stream from now on.</summary>
    public async Task<StreamEar> ListenAsync(TestMarket market)
    {
        var ear = new StreamEar();
        await Predictions(market).SubscribeAsync(ear);
        return ear;
    }

    /// <summary>Completes when the log has so many predictions of a market.</summary>
    public Task LoggedAsync(TestMarket market, int count) => Eventually.TrueAsync(
        () => World.Predictions.Entries(market.Id).Count >= count, () => $"{World.Predictions.Entries(market.Id).Count} of {count} are in the log of {market.Id}");

    /// <summary>The log of a market has 1..N without a hole or a duplicate, and session after session.</summary>
    public void AssertWhole(TestMarket market, int count)
    {
        var entries = World.Predictions.Entries(market.Id);
        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), entries.Select(p => p.Sequence));
        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), entries.Select(p => TestMarket.SessionOf(p.AsOf)));
        Assert.All(entries, p => Assert.Equal(TestMarket.Probabilities(TestMarket.SessionOf(p.AsOf)), p.Probabilities));
    }

    /// <summary>The silo that a grain runs on; null when it runs nowhere.</summary>
    public async Task<InProcessSiloHandle?> SiloOfAsync(IAddressable grain)
    {
        var address = await Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(address));
    }

    public Task KillAsync(InProcessSiloHandle silo) => cluster.KillSiloAsync(silo);

    public Task StopAsync(InProcessSiloHandle silo) => cluster.StopSiloAsync(silo);

    public Task StopAllAsync() => cluster.StopSilosAsync();

    public Task StartSilosAsync(int count) => cluster.StartSilosAsync(count);

    public async ValueTask DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
    }
}
