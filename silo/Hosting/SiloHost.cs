using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core.Predictions;
using Trm.Grains;
using Trm.Grains.Markets;
using Trm.Hosting;
using Trm.Hosting.Telemetry;
using Trm.Inference.Lifecycle;
using Trm.MarketData.Markets;
using Trm.MarketData.Sources;
using Trm.Silo.Clustering;
using Trm.Silo.Operations;
using Trm.Silo.Settings;

namespace Trm.Silo.Hosting;

/// <summary>A silo: model, stores and grains in one host, with health and dashboard on a port for operators.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ReloadablePredictor predictor;
    private readonly SiloStores stores;

    private SiloHost(WebApplication app, ReloadablePredictor predictor, SiloStores stores) => (this.app, this.predictor, this.stores) = (app, predictor, stores);

    public static async Task<SiloHost> CreateAsync(IConfiguration configuration, SiloSettings settings, CancellationToken cancellation)
    {
        using var logging = LoggerFactory.Create(builder => ServiceLogging.Configure(builder, configuration));
        var logger = logging.CreateLogger<SiloHost>();
        // The model is warm before the silo joins: others would send it work at once.
        var predictor = await Predictors.OpenAsync(
            settings.Device == "cpu" ? settings.Predictor : settings.Predictor with { Devices = model => Gpu.Engines(model, logger) }, cancellation).ConfigureAwait(false);
        SiloStores? stores = null;
        try
        {
            stores = await SiloStores.OpenAsync(settings, TimeProvider.System, cancellation).ConfigureAwait(false);
            return new SiloHost(Build(configuration, settings, predictor, stores), predictor, stores);
        }
        catch
        {
            if (stores is not null) await stores.DisposeAsync().ConfigureAwait(false);
            await predictor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task RunAsync()
    {
        var model = predictor.Model;
        Log.ModelLoaded(app.Logger, model.Version, model.FeatureSet, string.Join(", ", predictor.EngineNames));
        await app.StartAsync().ConfigureAwait(false);
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        await BackgroundFailures.RethrowAsync(app.Services).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        await predictor.DisposeAsync().ConfigureAwait(false);
        await stores.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(IConfiguration configuration, SiloSettings settings, ReloadablePredictor predictor, SiloStores stores)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(settings.Silo.OperatorUrls);
        ServiceLogging.Configure(builder.Logging, configuration);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.None); // a line for each placement of a grain, and for each try of it

        var time = TimeProvider.System;
        var sources = new SnapshotSources(stores.Bars, stores.Name, predictor.Model.FeatureSet, settings.SourceChoice, time);
        var book = new MarketBook(MarketCatalog.Load(settings.MarketsFolder), settings.MarketIds, TimeSpan.FromSeconds(settings.Interval), sources);

        var services = builder.Services;
        services.AddSingleton(time);
        services.AddSingleton(settings);
        services.AddSingleton(predictor);
        services.AddSingleton<IPredictor>(predictor);
        services.AddSingleton(stores.Bars);
        services.AddSingleton(stores.Log);
        services.AddSingleton(stores.Outcomes);
        services.AddSingleton<IMarketBook>(book);
        services.AddSingleton<IBarIntake, BarIntake>();
        services.AddHostedService<HangupReload>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Silo.DrainTimeout);
        builder.UseOrleans(silo => silo.UseTrmCluster(settings.Cluster, settings.Silo).AddTrmGrains());
        TelemetryExport.Add(builder, "trm-silo");

        var app = builder.Build();
        OperatorEndpoints.Map(app, settings.Silo);
        TelemetryExport.Map(app);
        return app;
    }
}
