using Trm.Core.Telemetry;

namespace Trm.Cli.Benchmarks.Log;

/// <summary>What was measured, by what was asked of the log.</summary>
/// <param name="Name">In a report's words.</param>
/// <param name="Key">In JSON.</param>
/// <param name="Latency">Of each call, as its caller waits.</param>
/// <param name="PerSecond">Calls a second, as they came.</param>
/// <param name="Plan">PostgreSQL's plan of one such call; none for appends.</param>
internal sealed record LogMeasured(string Name, string Key, LatencyHistogram Latency, double PerSecond, IReadOnlyList<string> Plan);
