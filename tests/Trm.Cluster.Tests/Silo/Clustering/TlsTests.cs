using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using Trm.Cluster.Tests.Support;
using Trm.GrainInterfaces.Clients;
using Trm.GrainInterfaces.Markets;
using Trm.Grains.Markets;
using Trm.Silo.Clustering;
using SiloOptions = Trm.Silo.Settings.SiloOptions;

namespace Trm.Cluster.Tests.Silo.Clustering;

/// <summary>Two silos with certificates on real ports of this machine, and clients with and without.</summary>
public sealed class TlsTests(TlsTests.Silos silos) : IClassFixture<TlsTests.Silos>
{
    [Fact]
    public async Task Silos_and_clients_with_certificates_of_one_authority_talk()
    {
        await Eventually.TrueAsync(() => silos.Hosts.All(host =>
            host.Services.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatuses(onlyActive: true).Count == 2));
        foreach (var gateway in silos.GatewayPorts)
        {
            using var client = Client(gateway, silos.Ours.Member("client"));
            await client.StartAsync();
            var grains = client.Services.GetRequiredService<IGrainFactory>();
            Assert.Equal(["market-1"], (await Eventually.AnsweredAsync(() => grains.GetGrain<IMarketsGrain>(0).ListAsync())).Select(m => m.Id));
            await client.StopAsync();
        }
    }

    [Theory]
    [InlineData("no certificate")]
    [InlineData("a stranger's certificate")]
    [InlineData("a certificate that is over")]
    public async Task Whoever_shows_none_of_theirs_is_refused(string what)
    {
        using var client = Client(silos.GatewayPorts[0], what switch
        {
            "no certificate" => new ClusterTls(),
            "a stranger's certificate" => silos.Strangers.Member("stranger", trusts: silos.Ours),
            _ => silos.Ours.Member("over", isOver: true),
        });
        await AssertRefusedAsync(client);
    }

    [Fact]
    public async Task A_client_talks_to_no_silo_of_a_stranger()
    {
        using var client = Client(silos.GatewayPorts[0], silos.Ours.Member("trusting", trusts: silos.Strangers));
        await AssertRefusedAsync(client);
    }

    [Fact]
    public async Task A_client_talks_to_no_member_by_another_name()
    {
        var tls = silos.Ours.Member("other-name");
        tls.HostName = "another-cluster";
        using var client = Client(silos.GatewayPorts[0], tls);
        await AssertRefusedAsync(client);
    }

    private static async Task AssertRefusedAsync(IHost client)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => client.StartAsync());
        Assert.True(error is OrleansException or AggregateException, $"{error}");
    }

    // A client of ours looks for its cluster until it is stopped; here one try says it all.
    private static IHost Client(int gatewayPort, ClusterTls tls)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.UseTrmCluster(new TrmClusterOptions { LocalGatewayPorts = $"{gatewayPort}", Tls = tls, ClientResponseTimeout = TimeSpan.FromSeconds(30) });
            client.UseConnectionRetryFilter<OneTry>();
        });
        return builder.Build();
    }

    private sealed class OneTry : IClientConnectionRetryFilter
    {
        public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    public sealed class Silos : IAsyncLifetime
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), $"trm-tls-{Guid.NewGuid():N}");
        private readonly TestClusterPortAllocator ports = new();

        internal List<IHost> Hosts { get; } = [];

        internal List<int> GatewayPorts { get; } = [];

        internal TestAuthority Ours { get; private set; } = null!;

        internal TestAuthority Strangers { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Directory.CreateDirectory(folder);
            Ours = new TestAuthority(folder, "ours");
            Strangers = new TestAuthority(folder, "strangers");
            var (first, _) = ports.AllocateConsecutivePortPairs(4);
            for (var i = 0; i < 2; i++)
            {
                Hosts.Add(Silo(first, first + (2 * i), first + (2 * i) + 1, Ours.Member($"silo-{i}")));
                GatewayPorts.Add(first + (2 * i) + 1);
                await Hosts[i].StartAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in Enumerable.Reverse(Hosts))
            {
                await host.StopAsync();
                host.Dispose();
            }
            ports.Dispose();
            Ours.Dispose();
            Strangers.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private static IHost Silo(int primary, int port, int gatewayPort, ClusterTls tls)
        {
            var world = new TestWorld();
            world.Add();
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddSingleton<IMarketBook>(world);
            builder.UseOrleans(silo => silo.UseTrmCluster(
                new TrmClusterOptions { Tls = tls, StreamPolling = TimeSpan.FromSeconds(1) },
                new SiloOptions { SiloPort = port, GatewayPort = gatewayPort, PrimarySiloPort = primary, Dashboard = false, ProbeTimeout = TimeSpan.FromSeconds(10) }));
            return builder.Build();
        }
    }
}
