using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Snapshots;

/// <summary>A snapshot on its way to the market's strategy.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Numbering">
/// Changes whenever the source gives numbers anew: an event of another numbering than the source's own is out of date, whatever
/// its sequence.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("trm.snapshot-event")]
public sealed record SnapshotEvent([property: Id(0)] Snapshot Snapshot, [property: Id(1)] Guid Numbering);
