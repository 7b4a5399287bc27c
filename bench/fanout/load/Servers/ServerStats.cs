namespace Trm.Bench.FanOut.Servers;

/// <summary>What the gateway's host says of itself.</summary>
/// <param name="Published">Predictions in all.</param>
/// <param name="HeapBytes">Managed memory in use.</param>
/// <param name="Threads">Of its thread pool.</param>
/// <param name="Faults">Exceptions that nobody caught, and errors in its log.</param>
/// <param name="FirstFault">The first of them.</param>
/// <param name="Metrics">The gateway's metrics; null unless it was started with --meters.</param>
internal sealed record ServerStats(
    long Published, long HeapBytes, int Threads, long Faults, string? FirstFault, IReadOnlyDictionary<string, long>? Metrics)
{
    /// <summary>Open connections, by the gateway's metric.</summary>
    public long Connections => Sum("trm.gateway.connections");

    /// <summary>The sum of a metric over its tags.</summary>
    public long Sum(string name) => (Metrics ?? throw new InvalidOperationException("the host was started without --meters"))
        .Where(m => m.Key == name || m.Key.StartsWith(name + '{', StringComparison.Ordinal)).Sum(m => m.Value);
}
