using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.Inference;
using Trm.Inference.Batching;
using Trm.Inference.Engine;
using Trm.Inference.Lifecycle;
using Trm.MarketData.Markets;
using Trm.MarketData.Simulation;
using Trm.MarketData.Sources;
using Trm.Storage.Bars;
using Trm.Storage.Predictions;

namespace Trm.Cli.Hosting;

/// <summary>Builds the parts of the one-process shape from the settings; every verb takes those it needs.</summary>
internal static class Composition
{
    private static readonly string Shipped = AppContext.BaseDirectory;

    /// <summary>The one market of a verb that works on one.</summary>
    public static Market Market(TrmSettings settings) => settings.MarketIds is [var id]
        ? Markets(settings).Get(id)
        : throw new UsageException($"--market {settings.Market} names several markets; this verb takes one");

    /// <summary>For verbs that predict one after the other.</summary>
    public static ManagedPredictor Predictor(TrmSettings settings)
    {
        var model = Model(settings);
        return new ManagedPredictor(model, ManagedEngines.Create(model, settings.EnginePrecision));
    }

    /// <summary>For verbs that run on: batches over the engines of the model, warm, and able to take another model.</summary>
    public static Task<ReloadablePredictor> ReloadablePredictorAsync(TrmSettings settings, CancellationToken cancellation)
    {
        var isFirst = true;
        return ReloadablePredictor.OpenAsync(Open, cancellation);

        BatchingPredictor Open()
        {
            var model = Model(settings);
            if (!isFirst && settings.VerifyOnReload) Verify(settings, model);
            isFirst = false;
            var choice = ManagedEngines.Choose(model, settings.EnginePrecision, settings.Threads);
            // A batch that threads share has the cores to itself; where there are more, more batches run beside it.
            var workers = settings.Batching.Workers ?? Math.Max(1, Environment.ProcessorCount / settings.Threads);
            return new BatchingPredictor(model, [new BatchEngine(choice.Engine, workers, choice.Reason)], settings.Batching);
        }
    }

    public static TrmModel Model(TrmSettings settings) => TrmModel.Load(ModelPath(settings), ModelOptions(settings));

    public static ModelLoadOptions ModelOptions(TrmSettings settings) => new()
    {
        NormalizationPath = settings.Normalization,
        FeatureSet = settings.Set,
        RecursionCycles = settings.RecursionCycles,
        LatentSteps = settings.LatentSteps,
    };

    public static string ModelPath(TrmSettings settings) => settings.Model ?? Path.Combine(Shipped, "model", "us-equities");

    // At the start the user looks at what comes; a reload goes on by itself.
    private static void Verify(TrmSettings settings, TrmModel model)
    {
        var golden = ModelPackage.GoldenPath(ModelPath(settings));
        if (!File.Exists(golden)) return;
        var result = ModelPackage.Verify(model, golden);
        if (!result.Passed)
            throw new TrmException("model_disagrees", $"model {model.Info.Version} does not agree with its golden cases ('trm model verify' says how far); make the package anew, or set Trm:VerifyOnReload to false");
    }

    /// <summary>For verbs that only read: a mistyped folder is an error, and not a new, empty store.</summary>
    public static void RequireData(TrmSettings settings)
    {
        if (!Directory.Exists(settings.Data))
            throw new TrmException("no_data", $"data folder {settings.Data} does not exist; name it with --data, or run 'trm ingest FILE.csv' first");
    }

    public static Task<SqliteBarStore> OpenBarsAsync(TrmSettings settings, CancellationToken cancellation) =>
        SqliteBarStore.OpenAsync(settings.Data, TimeProvider.System, cancellation);

    public static Task<SqlitePredictionLog> OpenLogAsync(TrmSettings settings, CancellationToken cancellation) =>
        SqlitePredictionLog.OpenAsync(settings.Data, TimeProvider.System, cancellation);

    /// <summary>The markets to run with their sources, chosen as the user said or by what the store holds.</summary>
    public static async Task<IReadOnlyList<ServedMarket>> ServedMarketsAsync(
        TrmSettings settings, IBarStore bars, string featureSet, TimeSpan interval, CancellationToken cancellation)
    {
        var catalog = Markets(settings);
        var served = new List<ServedMarket>();
        foreach (var market in settings.MarketIds.Select(catalog.Get))
        {
            var range = await bars.RangeAsync(market.Id, cancellation).ConfigureAwait(false);
            var (origin, why) = Origin(settings, range);
            if (origin == SnapshotOrigin.Replay && range is null)
                throw new TrmException("no_bars", $"market {market.Id} has no bars in {settings.Data} to replay; run 'trm ingest FILE.csv' first");
            if (origin == SnapshotOrigin.Replay && (settings.From > range!.Last || settings.To < range.First))
                throw new TrmException("no_bars", $"market {market.Id} has bars from {range.First:yyyy-MM-dd} to {range.Last:yyyy-MM-dd} in {settings.Data}, none between --from and --to");
            served.Add(new ServedMarket(market, Source(settings, origin, market, bars, featureSet), interval, why));
        }
        return served;
    }

    private static (SnapshotOrigin Origin, string Why) Origin(TrmSettings settings, BarRange? range)
    {
        if (SnapshotOrigins.TryParse(settings.Source, out var asked)) return (asked, "");
        return range is null
            ? (SnapshotOrigin.Simulated, " (the store has no bars of it; 'trm ingest FILE.csv' brings some)")
            : (SnapshotOrigin.Live, $" (the store has bars to {range.Last:yyyy-MM-dd})");
    }

    private static ISnapshotSource Source(TrmSettings settings, SnapshotOrigin origin, Market market, IBarStore bars, string featureSet)
    {
        return origin switch
        {
            SnapshotOrigin.Replay => new ReplaySource(bars, market, Extractor, TimeProvider.System, settings.From, settings.To, settings.Restart),
            SnapshotOrigin.Live => new LiveSource(bars, market, Extractor, TimeProvider.System),
            SnapshotOrigin.Simulated => new SimulatedSource(market, settings.Seed, Extractor, TimeProvider.System),
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
        };

        IFeatureExtractor Extractor() => FeatureSets.Create(featureSet, market);
    }

    private static MarketCatalog Markets(TrmSettings settings) =>
        MarketCatalog.Load(settings.Markets ?? Path.Combine(Shipped, "markets"));
}
