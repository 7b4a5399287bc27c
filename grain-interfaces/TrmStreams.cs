namespace Trm.GrainInterfaces;

/// <summary>Names of the cluster's streams. A stream's key is the market's id.</summary>
public static class TrmStreams
{
    /// <summary>The stream provider of <see cref="Predictions"/>, on silos and clients alike.</summary>
    public const string Provider = "trm";

    /// <summary>
    /// The stream provider of <see cref="Snapshots"/>, among silos. One of its own: a queue stands still while one of its streams
    /// waits for a listener that has died, and no gateway's death may hold up the predictions themselves.
    /// </summary>
    public const string SnapshotProvider = "trm-snapshots";

    /// <summary>Namespace of the streams of <see cref="Snapshots.SnapshotEvent"/>, from a market's source to its strategy.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>
    /// Namespace of the streams of <see cref="Predictions.FeedEvent"/>, from a market's strategy to whoever listens. Events may be
    /// lost or come twice; what is in the log is not: see <see cref="Predictions.IHistoryGrain"/>.
    /// </summary>
    public const string Predictions = "predictions";

    /// <summary>Storage provider of the streams' subscriptions; Orleans knows it by this name.</summary>
    public const string PubSubStore = "PubSubStore";
}
