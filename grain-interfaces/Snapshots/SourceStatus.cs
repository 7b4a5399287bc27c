namespace Trm.GrainInterfaces.Snapshots;

/// <summary>How a market's source stands.</summary>
/// <param name="Origin"><c>live</c>, <c>replay</c> or <c>simulated</c>.</param>
/// <param name="LastSequence">The last snapshot numbered; 0 when there was none.</param>
/// <param name="Pending">Snapshots whose predictions are not known to be in the log.</param>
/// <param name="Interval">Time between ticks; zero is as fast as predictions are made.</param>
/// <param name="EndReason">Why there will be no more; null while there will.</param>
/// <param name="Silo">Where it runs.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.source-status")]
public sealed record SourceStatus(
    [property: Id(0)] string Origin,
    [property: Id(1)] long LastSequence,
    [property: Id(2)] int Pending,
    [property: Id(3)] TimeSpan Interval,
    [property: Id(4)] string? EndReason,
    [property: Id(5)] string Silo);
