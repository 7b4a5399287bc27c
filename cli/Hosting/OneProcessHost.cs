using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Cli.Settings;
using Trm.Core.Bars;
using Trm.Core.Local;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Gateway;
using Trm.Gateway.Access;
using Trm.Gateway.Bars;
using Trm.Gateway.Models;
using Trm.Hosting;
using Trm.Hosting.Telemetry;
using Trm.Inference.Lifecycle;

namespace Trm.Cli.Hosting;

/// <summary>The one-process shape: markets, model, store and gateway in one host.</summary>
internal sealed class OneProcessHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ReloadablePredictor predictor;
    private readonly EmbeddedStore store;

    private OneProcessHost(WebApplication app, ReloadablePredictor predictor, EmbeddedStore store)
    {
        this.app = app;
        this.predictor = predictor;
        this.store = store;
    }

    public static async Task<OneProcessHost> CreateAsync(IConfiguration configuration, TrmSettings settings, CancellationToken cancellation)
    {
        // Warm before the host exists: /health/ready is never asked of a model that is not.
        var predictor = await Composition.ReloadablePredictorAsync(settings, cancellation).ConfigureAwait(false);
        EmbeddedStore? store = null;
        try
        {
            store = await EmbeddedStore.OpenForWritingAsync(settings, cancellation).ConfigureAwait(false);
            var markets = await Composition.ServedMarketsAsync(settings, store.Bars, predictor.Model.FeatureSet, settings.ServeInterval, cancellation).ConfigureAwait(false);
            return new OneProcessHost(Build(configuration, settings, predictor, store, markets), predictor, store);
        }
        catch
        {
            if (store is not null) await store.DisposeAsync().ConfigureAwait(false);
            await predictor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var model = predictor.Model;
        app.Services.GetRequiredService<ILogger<OneProcessHost>>()
            .ModelLoaded(model.Version, model.FeatureSet, model.HiddenSize, model.RecursionCycles, model.LatentSteps, string.Join(", ", predictor.EngineNames));
        var feed = app.Services.GetRequiredService<LocalPredictionFeed>();
        using var logging = feed.Subscribe(new PredictionLogger(app.Services.GetRequiredService<ILogger<PredictionLogger>>()));
        using var health = feed.Subscribe(app.Services.GetRequiredService<MarketHealth>());
        using var outcomes = feed.Subscribe(app.Services.GetRequiredService<OutcomeKeeper>());
        using var staleness = feed.Subscribe(await StalenessAsync(feed, cancellation).ConfigureAwait(false));
        await app.StartAsync(cancellation).ConfigureAwait(false);
        await app.WaitForShutdownAsync(cancellation).ConfigureAwait(false);

        // The host stops when a market's loop ends in an error (a damaged log, say).
        await BackgroundFailures.RethrowAsync(app.Services).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        await predictor.DisposeAsync().ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
    }

    // A feed of bars that stopped shows its age from the start, not only after a first prediction.
    private static async Task<StalenessMeter> StalenessAsync(LocalPredictionFeed feed, CancellationToken cancellation)
    {
        var meter = new StalenessMeter(TimeProvider.System);
        foreach (var market in feed.Markets)
        {
            var head = await feed.HeadAsync(market.Id, cancellation).ConfigureAwait(false);
            if (head.Latest is { } latest) meter.OnPrediction(latest);
        }
        return meter;
    }

    private static WebApplication Build(
        IConfiguration configuration, TrmSettings settings, ReloadablePredictor predictor, EmbeddedStore store, IReadOnlyList<ServedMarket> markets)
    {
        // The content root is the program's folder: what is shipped is found wherever the program is started.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(settings.Urls).UseKestrelHttpsConfiguration();
        ServiceLogging.Configure(builder.Logging, configuration);

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(predictor);
        services.AddSingleton<IPredictor>(predictor);
        services.AddSingleton<IModelReloader, ModelReloader>();
        services.AddHostedService<HangupReload>();
        services.AddSingleton<IPredictionLog>(store.Log);
        services.AddSingleton<IBarStore>(store.Bars);
        services.AddSingleton(markets);
        services.AddSingleton<IOutcomeLog>(store.Outcomes);
        services.AddSingleton<IOutcomeObserver, OutcomeLogger>();
        services.AddSingleton<Func<string, Market>>(id => markets.Single(m => m.Market.Id == id).Market);
        services.AddSingleton<OutcomeKeeper>();
        services.AddSingleton(provider => new OutcomeBook(store.Outcomes, provider.GetRequiredService<OutcomeKeeper>().Drift));
        services.AddHostedService<OutcomeService>();
        services.AddSingleton(provider => new LocalPredictionFeed([.. markets.Select(m => m.Market)], store.Log, provider.GetRequiredService<OutcomeBook>()));
        services.AddSingleton<IPredictionFeed>(provider => provider.GetRequiredService<LocalPredictionFeed>());
        services.AddSingleton<IBarReceiver, BarReceiver>();
        services.AddSingleton<MarketService>();
        services.AddHostedService(provider => provider.GetRequiredService<MarketService>());
        TelemetryExport.Add(builder, "trm");
        services.AddSingleton<MarketHealth>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<MarketHealth>());
        services.AddHostFiltering(filter => filter.AllowedHosts = [.. BindingRules.AllowedHosts(settings.Urls, settings.AllowAnonymous || AccessOptions.Read(configuration).IsControlled)]);
        services.AddTrmGateway();

        var app = builder.Build();
        app.UseHostFiltering();
        app.MapTrmGateway();
        TelemetryExport.Map(app)?.RequireOperator();
        return app;
    }
}
