namespace Trm.Bench.OnnxPeer;

/// <summary>What the benchmark asks for.</summary>
/// <param name="Batch">Rows, 1 or more.</param>
/// <param name="Repeats">Timed runs, 1 or more.</param>
/// <param name="Inputs">File of batch × 10 little-endian floats, normalised.</param>
/// <param name="Outputs">File to write batch × 9 to: a row's 8 probabilities, then its halt probability.</param>
internal sealed record Request(int Batch, int Repeats, string Inputs, string Outputs);
