using Trm.Inference.Weights;

namespace Trm.Inference.Engine;

/// <summary>A linear layer, or the part of it that reads one of its inputs: packed weights and the bias.</summary>
internal sealed class Linear
{
    private readonly PackedMatrix matrix;
    private readonly AlignedBuffer<float> bias;

    private Linear(PackedMatrix matrix, ReadOnlySpan<float> bias)
    {
        this.matrix = matrix;
        this.bias = new AlignedBuffer<float>(matrix.Rows);
        bias.CopyTo(this.bias.Span);
    }

    /// <summary>The weights.</summary>
    public PackedMatrix Matrix => matrix;

    /// <summary>The bias, padded with zeros.</summary>
    public AlignedBuffer<float> Bias => bias;

    /// <summary>Outputs, padded.</summary>
    public int Rows => matrix.Rows;

    /// <summary>A whole layer in single precision.</summary>
    public static Linear Of(ModelWeights source, string layer, EnginePath path)
    {
        var weight = source[$"{layer}.weight"];
        return new Linear(path.PackFp32(weight.Data, weight.Shape[0], weight.Shape[1], 0, weight.Shape[1]), source[$"{layer}.bias"].Data);
    }

    /// <summary>Columns <paramref name="firstColumn"/> … of a layer's [outputs, inputs] matrix, in the given precision.</summary>
    public static Linear Part(ModelWeights source, string layer, EnginePath path, Precision precision, int firstColumn, int columns)
    {
        var weight = source[$"{layer}.weight"];
        var (rows, stride) = (weight.Shape[0], weight.Shape[1]);
        var matrix = precision == Precision.Int16
            ? path.PackInt16(weight.Data, rows, stride, firstColumn, columns)
            : path.PackFp32(weight.Data, rows, stride, firstColumn, columns);
        return new Linear(matrix, source[$"{layer}.bias"].Data);
    }

    /// <summary>
    /// Two layers with nothing between them as one: columns <paramref name="firstColumn"/> … of <paramref name="outer"/>
    /// after the whole of <paramref name="inner"/>, W·(V·x + c) + b = (W·V)·x + (W·c + b), multiplied in double.
    /// </summary>
    public static Linear Folded(ModelWeights source, string inner, string outer, EnginePath path, int firstColumn)
    {
        var (v, c) = (source[$"{inner}.weight"], source[$"{inner}.bias"].Data);
        var (w, b) = (source[$"{outer}.weight"], source[$"{outer}.bias"].Data);
        var (rows, middle, columns) = (w.Shape[0], v.Shape[0], v.Shape[1]);
        var weight = new float[rows * columns];
        var bias = new float[rows];
        var sums = new double[columns + 1];
        for (var row = 0; row < rows; row++)
        {
            Array.Clear(sums);
            for (var m = 0; m < middle; m++)
            {
                double factor = w.Data[row * w.Shape[1] + firstColumn + m];
                for (var k = 0; k < columns; k++) sums[k] += factor * v.Data[m * columns + k];
                sums[columns] += factor * c[m];
            }
            for (var k = 0; k < columns; k++) weight[row * columns + k] = (float)sums[k];
            bias[row] = (float)(sums[columns] + b[row]);
        }
        return new Linear(path.PackFp32(weight, rows, columns, 0, columns), bias);
    }

    /// <summary>output = W·input + bias, for each of the batch.</summary>
    public void Apply(LayerInput input, Span<float> output, int batch)
    {
        matrix.Prepare(input, 0, batch);
        matrix.MultiplyAddRows(0, Rows, input, bias.Span, addendStride: 0, output, batch);
    }
}
