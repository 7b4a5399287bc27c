using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Snapshots;

/// <summary>Snapshots that a source keeps until their predictions are in the log.</summary>
/// <param name="Numbering">The source's numbering; see <see cref="SnapshotEvent"/>.</param>
/// <param name="Snapshots">In ascending sequence, without holes.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.pending-snapshots")]
public sealed record PendingSnapshots([property: Id(0)] Guid Numbering, [property: Id(1)] IReadOnlyList<Snapshot> Snapshots);
