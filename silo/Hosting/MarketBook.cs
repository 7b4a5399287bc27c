using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.Grains.Markets;
using Trm.MarketData.Markets;
using Trm.MarketData.Sources;

namespace Trm.Silo.Hosting;

/// <summary>The markets of this installation, and how they run.</summary>
internal sealed class MarketBook : IMarketBook
{
    private readonly Dictionary<string, MarketPlan> plans;

    /// <param name="catalog">Every market there is.</param>
    /// <param name="ids">Those that are served; * is all.</param>
    /// <param name="interval">Between ticks.</param>
    /// <param name="sources">Makes their sources.</param>
    public MarketBook(MarketCatalog catalog, IReadOnlyList<string> ids, TimeSpan interval, SnapshotSources sources)
    {
        Markets = catalog.Select(ids);
        plans = Markets.ToDictionary(m => m.Id, m => new MarketPlan(m, interval, async cancellation => await OpenAsync(sources, m, cancellation).ConfigureAwait(false)), StringComparer.Ordinal);
    }

    public IReadOnlyList<Market> Markets { get; }

    public MarketPlan Get(string market) => plans.TryGetValue(market, out var plan) ? plan : throw new Core.Predictions.UnknownMarketException(market, plans.Keys);

    private static async Task<ISnapshotSource> OpenAsync(SnapshotSources sources, Market market, CancellationToken cancellation) =>
        (await sources.OpenAsync(market, cancellation).ConfigureAwait(false)).Source;
}
