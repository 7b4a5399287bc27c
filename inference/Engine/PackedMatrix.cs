namespace Trm.Inference.Engine;

/// <summary>
/// The weights of a linear layer, or of the part of it that reads one of its inputs, in the layout that a kernel reads.
/// Rows are padded with zeros; what padding computes is the addend.
/// </summary>
internal abstract class PackedMatrix
{
    /// <summary>Outputs, padded.</summary>
    public required int Rows { get; init; }

    /// <summary>Inputs.</summary>
    public required int Columns { get; init; }

    /// <summary>
    /// output[b, r] = addend[b, r] + Σₖ weights[r, k]·input[b, k] for each row of the batch. A row of a batch equals the
    /// same row alone bit for bit.
    /// </summary>
    /// <param name="input">batch rows, <paramref name="inputStride"/> apart.</param>
    /// <param name="inputStride">Floats from one row's start to the next's.</param>
    /// <param name="addend">Rows of <see cref="Rows"/>, or one for all when <paramref name="addendStride"/> is 0; may be the output.</param>
    /// <param name="addendStride"><see cref="Rows"/> or 0.</param>
    /// <param name="output">batch × <see cref="Rows"/>.</param>
    /// <param name="batch">1, or a multiple of <see cref="BatchGroup"/>.</param>
    /// <param name="scratch">Room for integer inputs: batch × columns.</param>
    public abstract void MultiplyAdd(
        ReadOnlySpan<float> input, int inputStride, ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch, Span<short> scratch);

    /// <summary>Rows that one call of <see cref="MultiplyAddRows"/> does best.</summary>
    public abstract int BlockRows { get; }

    /// <summary>Gets a sample's vector into the form that <see cref="MultiplyAddRows"/> reads; once for every change of it.</summary>
    public abstract void Prepare(SampleInput input);

    /// <summary>
    /// Some rows for one sample, prepared before: output[r] = addend[r] + Σₖ weights[first + r, k]·input[k], the same bits
    /// as <see cref="MultiplyAdd"/> gives.
    /// </summary>
    /// <param name="first">A multiple of <see cref="BlockRows"/>.</param>
    /// <param name="count">Rows, up to <see cref="BlockRows"/>, a multiple of the padding.</param>
    /// <param name="input">The sample.</param>
    /// <param name="addend">One for each of the rows; may be the output.</param>
    /// <param name="output">One for each of the rows.</param>
    public abstract void MultiplyAddRows(int first, int count, SampleInput input, ReadOnlySpan<float> addend, Span<float> output);

    /// <summary>Kernels for more than one sample take this many at once; callers pad.</summary>
    public const int BatchGroup = 4;

    /// <summary>The batch padded to what the kernels take.</summary>
    public static int PaddedBatch(int batch) => batch == 1 ? 1 : (batch + BatchGroup - 1) / BatchGroup * BatchGroup;
}
