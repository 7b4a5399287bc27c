using Trm.Core.Snapshots;

namespace Trm.Grains.Snapshots;

/// <summary>
/// What a market's source remembers: the last number it gave, and every snapshot until its prediction is known to be in the log.
/// Written before a snapshot is emitted, so no number is given twice, whatever dies.
/// </summary>
[GenerateSerializer]
[Alias("trm.source-state")]
internal sealed class SourceState
{
    /// <summary>The log that the numbers are of.</summary>
    [Id(0)]
    public Guid Epoch { get; set; }

    /// <summary>Changes whenever snapshots get numbers anew.</summary>
    [Id(1)]
    public Guid Numbering { get; set; }

    /// <summary>The last number given.</summary>
    [Id(2)]
    public long LastSequence { get; set; }

    /// <summary>As-of instant of the last snapshot read: a replay goes on after it.</summary>
    [Id(3)]
    public DateTimeOffset? LastAsOf { get; set; }

    /// <summary>Wire name of the origin of the last snapshot read.</summary>
    [Id(4)]
    public string? LastOrigin { get; set; }

    /// <summary>Unacknowledged snapshots, in sequence; the last has number <see cref="LastSequence"/>.</summary>
    [Id(5)]
    public List<Snapshot> Pending { get; set; } = [];

    /// <summary>What the source's next reading comes after.</summary>
    public SnapshotCursor Cursor => new(LastSequence, LastAsOf, SnapshotOrigins.TryParse(LastOrigin, out var origin) ? origin : null);

    /// <summary>Takes the next snapshot.</summary>
    public void Add(Snapshot snapshot)
    {
        Pending.Add(snapshot);
        LastSequence = snapshot.Sequence;
        LastAsOf = snapshot.AsOf;
        LastOrigin = snapshot.Origin.WireName();
    }

    /// <summary>Forgets what is in the log.</summary>
    public void Acknowledge(long sequence) => Pending.RemoveAll(snapshot => snapshot.Sequence <= sequence);

    /// <summary>Drops a snapshot; those after it move up.</summary>
    /// <returns>False when there is no such snapshot.</returns>
    public bool Reject(long sequence)
    {
        var place = Pending.FindIndex(snapshot => snapshot.Sequence == sequence);
        if (place < 0) return false;
        Pending.RemoveAt(place);
        for (var i = place; i < Pending.Count; i++) Pending[i] = Pending[i] with { Sequence = Pending[i].Sequence - 1 };
        LastSequence--;
        Numbering = Guid.NewGuid();
        return true;
    }

    /// <summary>
    /// Brings it in line with the log, which is right where they differ: keeps what the log lacks if it follows on the log
    /// without a hole, else starts from the log's end.
    /// </summary>
    /// <returns>False when nothing changed.</returns>
    public bool Align(Guid epoch, long sequence, DateTimeOffset? asOf, SnapshotOrigin? origin)
    {
        if (Epoch == epoch && LastSequence >= sequence)
        {
            Acknowledge(sequence);
            if (LastSequence - sequence == Pending.Count) return false;
        }
        (Epoch, Numbering) = (epoch, Guid.NewGuid());
        (LastSequence, LastAsOf, LastOrigin) = (sequence, asOf, origin?.WireName());
        Pending.Clear();
        return true;
    }
}
