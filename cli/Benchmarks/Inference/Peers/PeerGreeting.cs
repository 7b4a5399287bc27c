namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>A peer's first line.</summary>
/// <param name="Ready">Whether it can be asked.</param>
/// <param name="Name">What it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="Reason">Why it is not ready.</param>
internal sealed record PeerGreeting(bool Ready, string? Name = null, string? Version = null, string? Reason = null);
