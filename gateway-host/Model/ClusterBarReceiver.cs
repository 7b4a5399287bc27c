using Trm.Core.Bars;
using Trm.Gateway.Bars;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Gateway.Host.Model;

/// <summary>Pushed bars go to the market's source grain, which stores them and reads them at once.</summary>
internal sealed class ClusterBarReceiver(IClusterClient cluster) : IBarReceiver
{
    public async Task<BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation)
    {
        var text = await csv.ReadToEndAsync(cancellation);
        return Result(await ClusterCall.RunAsync(() => Source(market).PushCsvAsync(text), cancellation));
    }

    public async Task<BarPushResult> PushAsync(string market, IReadOnlyList<Bar> bars, CancellationToken cancellation) =>
        Result(await ClusterCall.RunAsync(() => Source(market).PushBarsAsync(bars), cancellation));

    private IFeatureSourceGrain Source(string market) => cluster.GetGrain<IFeatureSourceGrain>(market);

    private static BarPushResult Result(BarReceipt receipt) => new(
        receipt.Added, receipt.Changed, receipt.Unchanged, receipt.RejectedCount, [.. receipt.Rejected.Select(r => new RejectedBar(r.Position, r.Reason))]);
}
