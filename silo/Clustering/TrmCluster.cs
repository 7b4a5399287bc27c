using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Serialization;
using Orleans.Storage;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Clients;
using Trm.Grains;
using SiloOptions = Trm.Silo.Settings.SiloOptions;

namespace Trm.Silo.Clustering;

/// <summary>What makes a process a member of the cluster: membership, storage, reminders, streams, timeouts.</summary>
internal static class TrmCluster
{
    private const string Provider = "Npgsql";
    private static readonly string[] StreamProviders = [TrmStreams.Provider, TrmStreams.SnapshotProvider];

    public static ISiloBuilder UseTrmCluster(this ISiloBuilder silo, TrmClusterOptions cluster, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.Configure<Orleans.Configuration.SiloOptions>(o => o.SiloName = options.SiloName ?? Dns.GetHostName());
        silo.ConfigureEndpoints(options.Resolve(), options.SiloPort, options.GatewayPort);
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = options.ResponseTimeout);
        // A client that is gone is forgotten soon: until then its streams' queues stand still whenever they call it.
        silo.Configure<SiloMessagingOptions>(o => o.ClientDropTimeout = TimeSpan.FromSeconds(3));
        silo.Configure<ClusterMembershipOptions>(o => Watch(o, options));
        silo.AddActivityPropagation();
        if (cluster.Tls.IsOn) silo.UseTls(cluster.Tls.Configure);
        if (options.Dashboard) silo.AddDashboard();

        if (cluster.Connection is { } connection) silo.UsePostgres(Pooled(connection));
        else silo.UseMemory(options);
        return cluster.Streams == "memory" ? silo.UseMemoryStreams(cluster) : silo.UsePostgresStreams(cluster);
    }

    // A silo that dies or freezes is found in two to three seconds, by any one of the others: with few silos there are no more to ask.
    private static void Watch(ClusterMembershipOptions membership, SiloOptions options)
    {
        membership.ProbeTimeout = options.ProbeTimeout;
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.NumVotesForDeathDeclaration = 1;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }

    private static void UsePostgres(this ISiloBuilder silo, string connection)
    {
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Provider, connection));
        silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Provider, connection));
        foreach (var name in new[] { GrainStorage.Name, TrmStreams.PubSubStore })
        {
            silo.AddAdoNetGrainStorage(name, storage => storage.Configure<Serializer>((o, serializer) =>
            {
                (o.Invariant, o.ConnectionString) = (Provider, connection);
                // The contracts' own serialiser: compact, and tolerant of versions as calls are.
                o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
        }
    }

    // Orleans asks the same few statements again and again: prepared, and without the reset of session state that it never
    // sets, a write of grain state takes a quarter of the time.
    private static string Pooled(string connection) => new NpgsqlConnectionStringBuilder(connection)
    {
        MaxAutoPrepare = 64,
        NoResetOnClose = true,
        MaxPoolSize = 24,
        ApplicationName = "orleans",
    }.ConnectionString;

    private static void UseMemory(this ISiloBuilder silo, SiloOptions options)
    {
        silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, options.PrimarySiloPort));
        silo.UseInMemoryReminderService();
        silo.AddMemoryGrainStorage(GrainStorage.Name);
        silo.AddMemoryGrainStorage(TrmStreams.PubSubStore);
    }

    private static ISiloBuilder UseMemoryStreams(this ISiloBuilder silo, TrmClusterOptions cluster)
    {
        foreach (var provider in StreamProviders)
        {
            silo.AddMemoryStreams(provider, streams =>
            {
                streams.ConfigurePartitioning(cluster.StreamQueues);
                streams.ConfigurePullingAgent(agent => agent.Configure(o => o.GetQueueMsgsTimerPeriod = cluster.StreamPolling));
            });
        }
        return silo;
    }

    private static void Queue(AdoNetStreamOptions streams, string connection)
    {
        (streams.Invariant, streams.ConnectionString) = (Provider, Pooled(connection));
        // What a silo had taken when it died comes again after this.
        streams.VisibilityTimeout = TimeSpan.FromSeconds(10);
    }

    private static ISiloBuilder UsePostgresStreams(this ISiloBuilder silo, TrmClusterOptions cluster)
    {
        foreach (var provider in StreamProviders)
        {
            silo.AddAdoNetStreams(provider, streams =>
            {
                streams.ConfigureAdoNet(adoNet => adoNet.Configure(o => Queue(o, cluster.Connection!)));
                streams.ConfigurePartitioning(cluster.StreamQueues);
                streams.ConfigurePullingAgent(agent => agent.Configure(o => o.GetQueueMsgsTimerPeriod = cluster.StreamPolling));
            });
        }
        return silo;
    }
}
