namespace Trm.GrainInterfaces.Snapshots;

/// <summary>What became of pushed bars.</summary>
/// <param name="Added">New bars.</param>
/// <param name="Changed">Stored bars that were corrected.</param>
/// <param name="Unchanged">Bars that were stored before, equal.</param>
/// <param name="RejectedCount">Bars that were refused.</param>
/// <param name="Rejected">The first of those.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.bar-receipt")]
public sealed record BarReceipt(
    [property: Id(0)] int Added,
    [property: Id(1)] int Changed,
    [property: Id(2)] int Unchanged,
    [property: Id(3)] long RejectedCount,
    [property: Id(4)] IReadOnlyList<RefusedBar> Rejected);

/// <summary>A bar that was refused.</summary>
/// <param name="Position">Line of the CSV text from 1 (the header), or index in the list from 0.</param>
/// <param name="Reason">For people.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.refused-bar")]
public readonly record struct RefusedBar([property: Id(0)] int Position, [property: Id(1)] string Reason);
