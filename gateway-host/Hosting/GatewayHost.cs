using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core.Predictions;
using Trm.Gateway.Access;
using Trm.Gateway.Bars;
using Trm.Gateway.Host.Feed;
using Trm.Gateway.Host.Model;
using Trm.GrainInterfaces.Clients;
using Trm.GrainInterfaces.Predictions;
using Trm.Hosting;
using Trm.Hosting.Telemetry;

namespace Trm.Gateway.Host.Hosting;

/// <summary>The gateway over a cluster: the same gateway as in one process, with the ports' cluster sides.</summary>
internal static class GatewayHost
{
    public static WebApplication Build(IConfiguration configuration, GatewaySettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(settings.Urls).UseKestrelHttpsConfiguration();
        ServiceLogging.Configure(builder.Logging, configuration);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // While the cluster is away these two say so many times a second; the feed says it once.
        builder.Logging.AddFilter("Orleans.Messaging.GatewayManager", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Messaging.ConnectionManager", LogLevel.Error);

        // It listens, and says that it is not ready, while it looks for the cluster.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client => client.UseTrmCluster(settings.Cluster));
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. BindingRules.AllowedHosts(settings.Urls, settings.IsOpenToAll)]);
        AddCluster(builder.Services);
        TelemetryExport.Add(builder, "trm-gateway");

        var app = builder.Build();
        app.UseHostFiltering();
        Map(app);
        TelemetryExport.Map(app)?.RequireOperator();
        return app;
    }

    /// <summary>What it serves.</summary>
    public static void Map(WebApplication app)
    {
        app.UseExceptionHandler(); // The gate's refusal is an answer as those of the routes are.
        app.UseMiddleware<ClusterGate>();
        app.MapTrmGateway();
    }

    /// <summary>The gateway with the cluster behind its ports; the host registers the cluster client.</summary>
    public static IServiceCollection AddCluster(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ClusterFeed>();
        services.AddSingleton<IPredictionFeed>(provider => provider.GetRequiredService<ClusterFeed>());
        services.AddHostedService<ClusterWatch>();
        services.AddSingleton<ClusterHealth>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ClusterHealth>());
        services.AddSingleton(provider => new PredictorPool(provider.GetRequiredService<IClusterClient>()));
        services.AddSingleton<ClusterPredictor>();
        services.AddSingleton<IPredictor>(provider => provider.GetRequiredService<ClusterPredictor>());
        services.AddSingleton<IBarReceiver, ClusterBarReceiver>();
        return services.AddTrmGateway();
    }
}
