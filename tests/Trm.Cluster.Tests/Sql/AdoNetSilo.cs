using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Trm.Cluster.Tests.Sql;

/// <summary>A real silo on loopback, whose members, states and reminders are rows of a database.</summary>
internal sealed class AdoNetSilo : IAsyncDisposable
{
    public const string Invariant = "Npgsql";

    /// <summary>The storage that keeps a cleared state's row, and the one that deletes it.</summary>
    public const string Clears = "clears";
    public const string Deletes = "deletes";

    private readonly IHost host;
    private readonly TestClusterPortAllocator ports;

    private AdoNetSilo(IHost host, TestClusterPortAllocator ports)
    {
        this.host = host;
        this.ports = ports;
    }

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public static async Task<AdoNetSilo> StartAsync(string database, string cluster = "cluster", Action<ISiloBuilder>? configure = null)
    {
        var ports = new TestClusterPortAllocator();
        // The pair's first half only: its second may be a port that the system just gave to an outgoing connection.
        var (port, _) = ports.AllocateConsecutivePortPairs(2);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "service"))
                .ConfigureEndpoints(IPAddress.Loopback, port, port + 1)
                .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, database))
                .AddAdoNetGrainStorage(Clears, o => (o.Invariant, o.ConnectionString, o.DeleteStateOnClear) = (Invariant, database, false))
                .AddAdoNetGrainStorage(Deletes, o => (o.Invariant, o.ConnectionString, o.DeleteStateOnClear) = (Invariant, database, true))
                .UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, database));
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new AdoNetSilo(host, ports);
    }

    /// <summary>Leaves the cluster in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        ports.Dispose();
    }
}
