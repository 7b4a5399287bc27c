using Trm.Core.Markets;
using Trm.Core.Snapshots;

namespace Trm.Cli.Hosting;

/// <summary>A market, where its snapshots come from and how often.</summary>
/// <param name="Market">The market.</param>
/// <param name="Source">Where its snapshots come from.</param>
/// <param name="Interval">Time between ticks; zero is as fast as it goes.</param>
/// <param name="Why">Why that source, when the user did not choose it: " (the store has no bars)".</param>
internal sealed record ServedMarket(Market Market, ISnapshotSource Source, TimeSpan Interval, string Why = "");
