using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Trm.GrainInterfaces.Clients;

/// <summary>What a client of the cluster needs, in one line.</summary>
public static class TrmClusterClient
{
    private const string Npgsql = "Npgsql";

    /// <summary>
    /// Configures clustering, streams, TLS and timeouts, and lets the client come up before the cluster and outlive its absence:
    /// it looks for silos until the host stops.
    /// </summary>
    public static IClientBuilder UseTrmCluster(this IClientBuilder client, TrmClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault) throw new ClusterException("cluster_options", fault);
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ClientResponseTimeout);
        client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = options.GatewayRefresh);
        client.UseConnectionRetryFilter<KeepTrying>();
        client.AddActivityPropagation();
        if (options.Tls.IsOn) client.UseTls(options.Tls.Configure);

        if (options.Connection is { } connection) client.UseAdoNetClustering(adoNet => (adoNet.Invariant, adoNet.ConnectionString) = (Npgsql, connection));
        else if (options.TryLocalGateways(out var ports)) client.UseStaticClustering([.. ports.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);

        if (options.Streams == "memory")
        {
            client.AddMemoryStreams(TrmStreams.Provider, streams => streams.ConfigurePartitioning(options.StreamQueues));
        }
        else
        {
            client.AddAdoNetStreams(TrmStreams.Provider, streams =>
            {
                streams.ConfigureAdoNet(adoNet => adoNet.Configure(o => (o.Invariant, o.ConnectionString) = (Npgsql, options.Connection)));
                streams.ConfigurePartitioning(options.StreamQueues);
            });
        }
        return client;
    }

    private sealed class KeepTrying(IServiceProvider services) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

        private readonly TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
