using Microsoft.Extensions.Logging;
using Trm.Core.Bars;
using Trm.Core.Snapshots;
using Trm.Gateway.Bars;
using Trm.MarketData.Import;
using Trm.MarketData.Sources;

namespace Trm.Cli.Hosting;

/// <summary>Pushed bars go through the same importer as files; a live market hears of them at once.</summary>
internal sealed class BarReceiver(IBarStore store, IReadOnlyList<ServedMarket> markets, TimeProvider time, ILogger<BarReceiver> logger) : IBarReceiver
{
    public async Task<BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation)
    {
        var served = Served(market);
        return Complete(served, await Importer(served).ImportAsync(csv, cancellation).ConfigureAwait(false), firstPosition: 0);
    }

    public async Task<BarPushResult> PushAsync(string market, IReadOnlyList<Bar> bars, CancellationToken cancellation)
    {
        var served = Served(market);
        return Complete(served, await Importer(served).ImportAsync(bars, cancellation).ConfigureAwait(false), firstPosition: 1);
    }

    private ServedMarket Served(string market) => markets.Single(m => m.Market.Id == market);

    private BarImporter Importer(ServedMarket served) => new(store, served.Market, time);

    // The importer counts a list's bars from 1 as it does lines; the gateway's clients count from 0.
    private BarPushResult Complete(ServedMarket served, ImportReport report, int firstPosition)
    {
        if (report.Bars is { Added: > 0 } or { Changed: > 0 })
        {
            (served.Source as LiveSource)?.Notify();
            if (served.Source.Origin == SnapshotOrigin.Simulated) logger.PushedToSimulated(served.Market.Id);
        }
        return new BarPushResult(
            report.Bars.Added, report.Bars.Changed, report.Bars.Unchanged, report.Rejected,
            [.. report.FirstRejected.Select(r => new RejectedBar((int)r.Line - firstPosition, r.Reason))]);
    }
}
