namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>A peer's answer to a request.</summary>
/// <param name="Seconds">The time of each timed run.</param>
/// <param name="Error">Why there are none.</param>
internal sealed record PeerReply(double[]? Seconds = null, string? Error = null);
