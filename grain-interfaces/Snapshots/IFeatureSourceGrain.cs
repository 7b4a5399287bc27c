using Orleans.Concurrency;
using Trm.Core.Bars;

namespace Trm.GrainInterfaces.Snapshots;

/// <summary>
/// The source of one market's snapshots; its key is the market's id. At the market's interval it reads the market, numbers the
/// snapshot, keeps it until its prediction is in the log, and emits it on <see cref="TrmStreams.Snapshots"/>.
/// </summary>
[Alias("trm.feature-source")]
public interface IFeatureSourceGrain : IGrainWithStringKey
{
    /// <summary>Starts the market when it does not run. The silos call it; calling it again changes nothing.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>: the cluster serves no such market.</exception>
    [Alias("ensure-running")]
    Task EnsureRunningAsync();

    /// <summary>How the market's source stands.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<SourceStatus> StatusAsync();

    /// <summary>
    /// The snapshots whose predictions are not known to be in the log, after a sequence, in order. For the market's strategy,
    /// which asks when it misses one.
    /// </summary>
    [AlwaysInterleave]
    [Alias("pending")]
    Task<PendingSnapshots> PendingAsync(long after);

    /// <summary>The log holds everything up to a sequence. For the market's strategy.</summary>
    /// <param name="epoch">The log's epoch.</param>
    /// <param name="sequence">Its last sequence.</param>
    [OneWay]
    [AlwaysInterleave]
    [Alias("acknowledge")]
    Task AcknowledgeAsync(Guid epoch, long sequence);

    /// <summary>
    /// No prediction can be made of a snapshot (the model refused it): it is dropped, and those after it take the numbers from
    /// its own on, so that the log gets no hole. For the market's strategy.
    /// </summary>
    /// <param name="numbering">The numbering that the sequence is of.</param>
    /// <param name="sequence">The snapshot refused.</param>
    [Alias("reject")]
    Task RejectAsync(Guid numbering, long sequence);

    /// <summary>Stores bars of the market; a live market hears of them at once.</summary>
    /// <returns>What became of them; bad ones are told by their index from 0.</returns>
    [Alias("push-bars")]
    Task<BarReceipt> PushBarsAsync([Immutable] IReadOnlyList<Bar> bars);

    /// <summary>Stores bars of the market from CSV text with a header; a live market hears of them at once.</summary>
    /// <returns>What became of them; bad ones are told by their line from 1.</returns>
    /// <exception cref="ClusterException">The text as a whole is unusable, such as a header without a column.</exception>
    [Alias("push-csv")]
    Task<BarReceipt> PushCsvAsync(string csv);
}
