namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>What a peer is asked to do, one JSON line.</summary>
/// <param name="Batch">Rows.</param>
/// <param name="Repeats">Timed runs, after one untimed.</param>
/// <param name="Inputs">A file of little-endian floats, batch × 10, normalised.</param>
/// <param name="Outputs">Where the answers go: batch × 9, eight probabilities and the halt probability.</param>
internal sealed record PeerRequest(int Batch, int Repeats, string Inputs, string Outputs);
