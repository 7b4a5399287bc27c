namespace Trm.Inference.Engine;

/// <summary>
/// A layer of a batch: output = gelu?(addend + A·a [+ B·b]), in blocks of rows that any thread may do. The buffers are a
/// workspace's.
/// </summary>
/// <param name="addend">A bias, or one row for each sample.</param>
/// <param name="isBias">The addend is a bias: the same for each sample.</param>
/// <param name="output">One row for each sample.</param>
/// <param name="rows">Of the layer, padded.</param>
/// <param name="gelu">Whether it ends in one.</param>
/// <param name="terms">What is multiplied; nothing in the first step, where the states are zero.</param>
internal sealed class LayerStage(
    AlignedBuffer<float> addend, bool isBias, AlignedBuffer<float> output, int rows, bool gelu, params LayerStage.Term[] terms) : IRowStage
{
    // Without a matrix it is quick work for one.
    private readonly int blockRows = terms.Length > 0 ? terms[0].Matrix.BlockRows : rows;

    /// <inheritdoc/>
    public int Blocks => (rows + blockRows - 1) / blockRows;

    /// <inheritdoc/>
    public int Batch { get; set; }

    /// <inheritdoc/>
    public void Run(int block) => RunRows(block * blockRows, Math.Min(blockRows, rows - block * blockRows));

    /// <inheritdoc/>
    public void RunAll() => RunRows(0, rows);

    private void RunRows(int first, int count)
    {
        ReadOnlySpan<float> from = addend.Span;
        var stride = isBias ? 0 : rows;
        foreach (var term in terms)
        {
            term.Matrix.MultiplyAddRows(first, count, term.Input, from, stride, output.Span, Batch);
            from = output.Span;
            stride = rows;
        }
        for (var sample = 0; sample < Batch; sample++)
        {
            var row = output.Span.Slice(sample * rows + first, count);
            if (terms.Length == 0) from.Slice(sample * stride + first, count).CopyTo(row);
            if (gelu) Gelu.Apply(row);
        }
    }

    /// <summary>A matrix and what it multiplies.</summary>
    internal readonly record struct Term(PackedMatrix Matrix, LayerInput Input);
}
