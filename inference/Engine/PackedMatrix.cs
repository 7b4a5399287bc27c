namespace Trm.Inference.Engine;

/// <summary>
/// The weights of a linear layer, or of the part of it that reads one of its inputs, in the layout that a kernel reads.
/// Rows are padded with zeros; what padding computes is the addend.
/// </summary>
internal abstract class PackedMatrix
{
    /// <summary>Kernels for more than one sample take this many at once; callers pad.</summary>
    public const int BatchGroup = 4;

    /// <summary>Outputs, padded.</summary>
    public required int Rows { get; init; }

    /// <summary>Inputs.</summary>
    public required int Columns { get; init; }

    /// <summary>Rows that one call of <see cref="MultiplyAddRows"/> does best.</summary>
    public abstract int BlockRows { get; }

    /// <summary>The batch padded to what the kernels take.</summary>
    public static int PaddedBatch(int batch) => batch == 1 ? 1 : (batch + BatchGroup - 1) / BatchGroup * BatchGroup;

    /// <summary>Gets some of a batch's vectors into the form that <see cref="MultiplyAddRows"/> reads; once for every change of them.</summary>
    public abstract void Prepare(LayerInput input, int first, int count);

    /// <summary>
    /// output[b, first + r] = addend[b, first + r] + Σₖ weights[first + r, k]·input[b, k], of inputs prepared before. A row
    /// of a batch equals the same row alone bit for bit.
    /// </summary>
    /// <param name="first">A multiple of <see cref="BlockRows"/>.</param>
    /// <param name="count">Rows, a multiple of the padding.</param>
    /// <param name="input">The vectors.</param>
    /// <param name="addend">Whole rows, or one for all when <paramref name="addendStride"/> is 0; may be the output.</param>
    /// <param name="addendStride"><see cref="Rows"/> or 0.</param>
    /// <param name="output">batch × <see cref="Rows"/>.</param>
    /// <param name="batch">1, or a multiple of <see cref="BatchGroup"/>.</param>
    public abstract void MultiplyAddRows(
        int first, int count, LayerInput input, ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch);
}
