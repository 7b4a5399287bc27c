namespace Trm.Core.Snapshots;

/// <summary>Where a market's snapshots come from: live, replay or simulated bars. One reader at a time.</summary>
public interface ISnapshotSource
{
    /// <summary>Where its bars come from.</summary>
    SnapshotOrigin Origin { get; }

    /// <summary>
    /// The next snapshot after the log's last one. The first call finds the place from
    /// <paramref name="after"/> (so a restarted replay goes on where the log ends); each later call moves on by itself.
    /// </summary>
    ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation);

    /// <summary>
    /// Completes when there is something to read before the interval is over (live: a bar was added or corrected).
    /// Sources that only follow the interval never complete it.
    /// </summary>
    Task WaitForNewsAsync(CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
}

/// <summary>Where the log stands: what the next snapshot comes after.</summary>
/// <param name="Sequence">Last sequence in the log; 0 when it is empty.</param>
/// <param name="AsOf">As-of instant of the last prediction.</param>
/// <param name="Origin">Origin of the last prediction.</param>
public readonly record struct SnapshotCursor(long Sequence, DateTimeOffset? AsOf = null, SnapshotOrigin? Origin = null);

/// <summary>What a read gave: a snapshot, the reason there is none this time, or the end.</summary>
public abstract record SnapshotReading
{
    private SnapshotReading() { }

    /// <summary>A snapshot.</summary>
    /// <param name="Snapshot">Its sequence is one more than the cursor's.</param>
    public sealed record Ready(Snapshot Snapshot) : SnapshotReading;

    /// <summary>No snapshot this time; the next tick may have one.</summary>
    /// <param name="Code">Stable, lower_snake_case.</param>
    /// <param name="Reason">For people; names the feature and what is missing.</param>
    public sealed record Unavailable(string Code, string Reason) : SnapshotReading;

    /// <summary>There will be no more (a replay reached its end).</summary>
    /// <param name="Reason">For people.</param>
    public sealed record Finished(string Reason) : SnapshotReading;
}
