namespace Trm.Inference.Engine;

/// <summary>
/// A layer of one sample: output = gelu?(addend + A·a [+ B·b]), in blocks of rows. The buffers are a workspace's.
/// </summary>
internal sealed class LayerStage(AlignedBuffer<float> addend, AlignedBuffer<float> output, bool gelu, params LayerStage.Term[] terms) : IRowStage
{
    // Without a matrix it is quick work for one.
    private readonly int rows = terms.Length > 0 ? terms[0].Matrix.Rows : output.Span.Length;
    private readonly int blockRows = terms.Length > 0 ? terms[0].Matrix.BlockRows : output.Span.Length;

    /// <summary>Blocks of rows.</summary>
    public int Blocks => (rows + blockRows - 1) / blockRows;

    public void Run(int block)
    {
        var first = block * blockRows;
        var count = Math.Min(blockRows, rows - first);
        var to = output.Span.Slice(first, count);
        ReadOnlySpan<float> from = addend.Span.Slice(first, count);
        if (terms.Length == 0) from.CopyTo(to);
        foreach (var term in terms)
        {
            term.Matrix.MultiplyAddRows(first, count, term.Input, from, to);
            from = to;
        }
        if (gelu) Kernels.Gelu(to);
    }

    /// <summary>A matrix and what it multiplies.</summary>
    internal readonly record struct Term(PackedMatrix Matrix, SampleInput Input);
}
