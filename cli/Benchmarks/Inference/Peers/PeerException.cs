using Trm.Core;

namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>A peer that is absent, not ready, gone, or does not keep to the protocol: the run goes on without it.</summary>
/// <param name="message">One line that says why.</param>
/// <param name="inner">What caused it, if anything did.</param>
internal sealed class PeerException(string message, Exception? inner = null) : TrmException("peer", message, inner);
