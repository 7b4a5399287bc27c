using Trm.Inference.Weights;

namespace Trm.Inference.Engine;

/// <summary>
/// The weights of one linear layer, or of the part of it that reads one of its inputs, packed for the kernels. Rows are
/// padded with zeros to the vector width; what padding computes is zero.
/// </summary>
internal sealed class Linear
{
    private readonly AlignedBuffer weights;
    private readonly AlignedBuffer bias;

    /// <summary>Takes columns <paramref name="firstColumn"/> … of a layer's [outputs, inputs] matrix.</summary>
    public Linear(ModelWeights source, string layer, int firstColumn, int columns)
    {
        var matrix = source[$"{layer}.weight"];
        var rows = matrix.Shape[0];
        Rows = Padded(rows);
        Columns = columns;
        weights = new AlignedBuffer(Rows * columns);
        Kernels.Pack(matrix.Data.AsSpan(firstColumn), matrix.Shape[1], rows, columns, weights.Span);
        bias = new AlignedBuffer(Rows);
        source[$"{layer}.bias"].Data.CopyTo(bias.Span);
    }

    /// <summary>The whole layer.</summary>
    public Linear(ModelWeights source, string layer) : this(source, layer, 0, source[$"{layer}.weight"].Shape[1])
    {
    }

    /// <summary>Outputs, padded.</summary>
    public int Rows { get; }

    /// <summary>Inputs, not padded.</summary>
    public int Columns { get; }

    /// <summary>The next multiple of the vector width.</summary>
    public static int Padded(int count) => (count + Kernels.Width - 1) / Kernels.Width * Kernels.Width;

    /// <summary>output = W·input + bias, for each row of the batch.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output, int batch) =>
        Kernels.MultiplyAdd(weights.Span, Rows, Columns, input, input.Length / batch, bias.Span, addendStride: 0, output, batch);

    /// <summary>output = W·input + addend, for each row of the batch; output may be the addend.</summary>
    public void ApplyOnto(ReadOnlySpan<float> addend, ReadOnlySpan<float> input, Span<float> output, int batch) =>
        Kernels.MultiplyAdd(weights.Span, Rows, Columns, input, input.Length / batch, addend, addendStride: Rows, output, batch);
}
