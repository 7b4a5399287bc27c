using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.MarketData.Simulation;

namespace Trm.MarketData.Sources;

/// <summary>Makes the sources of markets, chosen as the user said or by what the store holds.</summary>
/// <param name="bars">The store.</param>
/// <param name="storeName">The store as the user knows it, for messages: a folder.</param>
/// <param name="featureSet">The recipe of the model.</param>
/// <param name="choice">What the user wants.</param>
/// <param name="time">The clock of the sources.</param>
public sealed class SnapshotSources(IBarStore bars, string storeName, string featureSet, SourceChoice choice, TimeProvider time)
{
    /// <summary>A market's source, and why that one when the user did not say: " (the store has no bars)".</summary>
    /// <exception cref="TrmException"><c>no_bars</c>: there is nothing to replay.</exception>
    public async Task<(ISnapshotSource Source, string Why)> OpenAsync(Market market, CancellationToken cancellation = default)
    {
        var range = await bars.RangeAsync(market.Id, cancellation).ConfigureAwait(false);
        var (origin, why) = Origin(range);
        if (origin == SnapshotOrigin.Replay && range is null)
            throw new TrmException("no_bars", $"market {market.Id} has no bars in {storeName} to replay; run 'trm ingest FILE.csv' first");
        if (origin == SnapshotOrigin.Replay && (choice.From > range!.Last || choice.To < range.First))
            throw new TrmException("no_bars", $"market {market.Id} has bars from {range.First:yyyy-MM-dd} to {range.Last:yyyy-MM-dd} in {storeName}, none between --from and --to");
        return (Create(origin, market), why);
    }

    private (SnapshotOrigin Origin, string Why) Origin(BarRange? range)
    {
        if (SnapshotOrigins.TryParse(choice.Source, out var asked)) return (asked, "");
        return range is null
            ? (SnapshotOrigin.Simulated, " (the store has no bars of it; 'trm ingest FILE.csv' brings some)")
            : (SnapshotOrigin.Live, $" (the store has bars to {range.Last:yyyy-MM-dd})");
    }

    private ISnapshotSource Create(SnapshotOrigin origin, Market market)
    {
        return origin switch
        {
            SnapshotOrigin.Replay => new ReplaySource(bars, market, Extractor, time, choice.From, choice.To, choice.Restart),
            SnapshotOrigin.Live => new LiveSource(bars, market, Extractor, time),
            SnapshotOrigin.Simulated => new SimulatedSource(market, choice.Seed, Extractor, time),
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
        };

        IFeatureExtractor Extractor() => FeatureSets.Create(featureSet, market);
    }
}
