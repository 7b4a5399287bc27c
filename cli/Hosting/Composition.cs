using Trm.Cli.Settings;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Hosting;
using Trm.Inference;
using Trm.Inference.Engine;
using Trm.Inference.Lifecycle;
using Trm.MarketData.Markets;
using Trm.MarketData.Sources;

namespace Trm.Cli.Hosting;

/// <summary>Builds the parts of the one-process shape from the settings; every verb takes those it needs.</summary>
internal static class Composition
{
    private static readonly string Shipped = AppContext.BaseDirectory;

    /// <summary>The one market of a verb that works on one.</summary>
    public static Market Market(TrmSettings settings) => settings.MarketIds is [var id]
        ? Markets(settings).Get(id)
        : throw new UsageException($"--market {settings.Market} names several markets; this verb takes one");

    /// <summary>For verbs that leave the markets to other processes: a name that is not known is an error here already.</summary>
    public static void RequireMarkets(TrmSettings settings) => RequireMarkets(settings, settings.MarketIds);

    /// <summary>The same for ids that a verb takes itself.</summary>
    public static void RequireMarkets(TrmSettings settings, IReadOnlyList<string> ids) => _ = Markets(settings).Select(ids);

    /// <summary>The markets of a verb that works on several.</summary>
    public static IReadOnlyList<Market> SelectedMarkets(TrmSettings settings) => Markets(settings).Select(settings.MarketIds);

    /// <summary>For verbs that predict one after the other.</summary>
    public static ManagedPredictor Predictor(TrmSettings settings)
    {
        var model = Model(settings);
        return new ManagedPredictor(model, ManagedEngines.Create(model, settings.EnginePrecision));
    }

    /// <summary>For verbs that run on: batches over the engines of the model, warm, and able to take another model.</summary>
    public static Task<ReloadablePredictor> ReloadablePredictorAsync(TrmSettings settings, CancellationToken cancellation) =>
        Predictors.OpenAsync(
            new PredictorSettings
            {
                ModelPath = ModelPath(settings),
                Load = ModelOptions(settings),
                Precision = settings.EnginePrecision,
                Threads = settings.Threads,
                Batching = settings.Batching,
                VerifyOnReload = settings.VerifyOnReload,
            },
            cancellation);

    public static TrmModel Model(TrmSettings settings) => TrmModel.Load(ModelPath(settings), ModelOptions(settings));

    public static ModelLoadOptions ModelOptions(TrmSettings settings) => new()
    {
        NormalizationPath = settings.Normalization,
        FeatureSet = settings.Set,
        RecursionCycles = settings.RecursionCycles,
        LatentSteps = settings.LatentSteps,
    };

    public static string ModelPath(TrmSettings settings) => settings.Model ?? Path.Combine(Shipped, "model", "us-equities");

    /// <summary>The markets to run with their sources, chosen as the user said or by what the store holds.</summary>
    public static async Task<IReadOnlyList<ServedMarket>> ServedMarketsAsync(
        TrmSettings settings, IBarStore bars, string featureSet, TimeSpan interval, CancellationToken cancellation)
    {
        var catalog = Markets(settings);
        var choice = new SourceChoice { Source = settings.Source, From = settings.From, To = settings.To, Restart = settings.Restart, Seed = settings.Seed };
        var sources = new SnapshotSources(bars, settings.Data, featureSet, choice, TimeProvider.System);
        var served = new List<ServedMarket>();
        foreach (var market in catalog.Select(settings.MarketIds))
        {
            var (source, why) = await sources.OpenAsync(market, cancellation).ConfigureAwait(false);
            served.Add(new ServedMarket(market, source, interval, why));
        }
        return served;
    }

    private static MarketCatalog Markets(TrmSettings settings) =>
        MarketCatalog.Load(settings.Markets ?? Path.Combine(Shipped, "markets"));
}
