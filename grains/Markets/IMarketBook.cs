using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Grains.Markets;

/// <summary>What a silo knows of the cluster's markets; the silo provides it, the same on each.</summary>
public interface IMarketBook
{
    /// <summary>The markets, in the order of their definitions.</summary>
    IReadOnlyList<Market> Markets { get; }

    /// <summary>How a market runs.</summary>
    /// <exception cref="UnknownMarketException">The cluster serves no such market.</exception>
    MarketPlan Get(string market);
}

/// <summary>How a market runs.</summary>
/// <param name="Market">The market.</param>
/// <param name="Interval">Time between ticks; zero is as fast as predictions are made.</param>
/// <param name="OpenSource">Makes its source; called anew whenever the market starts on a silo.</param>
public sealed record MarketPlan(Market Market, TimeSpan Interval, Func<CancellationToken, Task<ISnapshotSource>> OpenSource);
