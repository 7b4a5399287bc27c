namespace Trm.Inference.Engine;

/// <summary>
/// A matrix as integers of 11 bits and a sign with a scale for each row, for inputs of 13 bits and a sign with a scale for each sample:
/// exact integer sums in between, in 32 bits.
/// <para>
/// Error: a weight is off by at most half its row's scale (largest weight / <see cref="LargestWeight"/>), an input by half
/// its sample's scale (largest input / <see cref="LargestInput"/>), so a sum over K products is off by at most
/// K·|w|·|x|·(1/4094 + 1/16382) with |w| and |x| the largest of the row and of the sample, and typically by √K
/// of that rather than K. Over the model's 36 layers that is within 1e-4 of a probability on the shipped cases, which
/// <see cref="ManagedEngines"/> checks before it takes this precision by itself.
/// </para>
/// </summary>
internal sealed class Int16Rows
{
    /// <summary>
    /// Weights are from −2047 to 2047. With so many bits a row of the shipped model is one chunk (each ends in conversions), and weights
    /// can lie in memory in three quarters of the room; a probability of the shipped
    /// model is off by some 2e-5, with two bits more by 1e-5 (<c>trm bench inference</c>).
    /// </summary>
    public const int LargestWeight = (1 << 11) - 1;

    /// <summary>Inputs are from −8191 to 8191.</summary>
    public const int LargestInput = (1 << 13) - 1;

    private readonly short[] weights;

    private Int16Rows(short[] weights, int columns, AlignedBuffer<float> scales, int chunk) =>
        (this.weights, Columns, Scales, Chunk) = (weights, columns, scales, chunk);

    /// <summary>Numbers in a row, a multiple of 4: padded with zeros.</summary>
    public int Columns { get; }

    /// <summary>A row's number is its integer times this; padded.</summary>
    public AlignedBuffer<float> Scales { get; }

    /// <summary>Pairs of columns whose products with any inputs can be summed in 32 bits, in every row; even.</summary>
    public int Chunk { get; }

    /// <summary>A row's integers; zeros in the padding.</summary>
    public ReadOnlySpan<short> this[int row] => weights.AsSpan(row * Columns, Columns);

    /// <summary>Takes columns <paramref name="firstColumn"/> … of a row-major matrix.</summary>
    public static Int16Rows Of(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns, int paddedRows)
    {
        var paddedColumns = Padded(columns);
        var weights = new short[paddedRows * paddedColumns];
        var scales = new AlignedBuffer<float>(paddedRows);
        var chunk = paddedColumns / 2;
        for (var row = 0; row < rows; row++)
        {
            var integers = weights.AsSpan(row * paddedColumns, paddedColumns);
            scales.Span[row] = Quantisation.Quantise(matrix.Slice(row * stride + firstColumn, columns), integers, LargestWeight);
            chunk = Math.Min(chunk, SafeChunk(integers));
        }
        // As few chunks, of the same length.
        var (four, most) = (paddedColumns / 4, chunk / 2);
        var chunks = (four + most - 1) / most;
        return new Int16Rows(weights, paddedColumns, scales, 2 * ((four + chunks - 1) / chunks));
    }

    /// <summary>Columns as they are padded.</summary>
    public static int Padded(int columns) => (columns + 3) / 4 * 4;

    /// <summary>A sample's numbers as integers, for <paramref name="columns"/> weights a row; see <see cref="PackedMatrix.Prepare"/>.</summary>
    public static void Prepare(LayerInput input, int columns, int first, int count)
    {
        var given = Math.Min(columns, input.Stride);
        for (var sample = first; sample < first + count; sample++)
        {
            var integers = input.Integers.Slice(sample * columns, columns);
            input.Scales[sample] = Quantisation.Quantise(input.Floats.Slice(sample * input.Stride, given), integers, LargestInput);
            integers[given..].Clear();
        }
    }

    /// <summary>
    /// The most pairs of columns, from 64 up, whose products with any inputs stay within 32 bits wherever in the row they
    /// start: more, the fewer of a row's weights are large.
    /// </summary>
    internal static int SafeChunk(ReadOnlySpan<short> row)
    {
        const long Limit = int.MaxValue / LargestInput;
        var pairs = row.Length / 2;
        var safe = pairs;
        var sum = 0L;
        // The window from start to end is the shortest that ends there and is too much; one pair less is not.
        for (int start = 0, end = 0; end < pairs; end++)
        {
            sum += Magnitude(row, end);
            while (sum - Magnitude(row, start) > Limit) sum -= Magnitude(row, start++);
            if (sum > Limit) safe = Math.Min(safe, end - start);
        }
        return safe;
    }

    private static int Magnitude(ReadOnlySpan<short> row, int pair) => Math.Abs((int)row[2 * pair]) + Math.Abs((int)row[2 * pair + 1]);
}
