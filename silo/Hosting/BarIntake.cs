using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Markets;
using Trm.MarketData.Import;

namespace Trm.Silo.Hosting;

/// <summary>Pushed bars go through the same importer as files.</summary>
internal sealed class BarIntake(IBarStore store, TimeProvider time) : IBarIntake
{
    public async Task<BarReceipt> TakeAsync(Market market, IReadOnlyList<Bar> bars) =>
        Receipt(await new BarImporter(store, market, time).ImportAsync(bars).ConfigureAwait(false), firstPosition: 1);

    public async Task<BarReceipt> TakeCsvAsync(Market market, string csv)
    {
        using var text = new StringReader(csv);
        return Receipt(await new BarImporter(store, market, time).ImportAsync(text).ConfigureAwait(false), firstPosition: 0);
    }

    // The importer counts a list's bars from 1 as it does lines; callers count from 0.
    private static BarReceipt Receipt(ImportReport report, int firstPosition) => new(
        report.Bars.Added, report.Bars.Changed, report.Bars.Unchanged, report.Rejected,
        [.. report.FirstRejected.Select(r => new RefusedBar((int)r.Line - firstPosition, r.Reason))]);
}
