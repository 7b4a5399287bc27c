namespace Trm.Inference.Engine;

/// <summary>
/// <see cref="Int16Rows"/> multiplied by <see cref="Int16Vnni"/>, with 12 bits of memory for a weight: three eighths of fp32's traffic.
/// Computes what <see cref="Int16Matrix{TSimd, TFloats, TInts}"/> does, to the bit.
/// </summary>
internal sealed class Int16VnniMatrix : PackedMatrix
{
    /// <summary>Bytes of a weight.</summary>
    public const double WeightBytes = 1.5;

    private const int Slice = 32;

    // Of a slice and four columns: four vectors of weights in the room of three.
    private const int Vector = 32;
    private const int Packed = 3 * Vector;

    private readonly AlignedBuffer<ushort> weights;
    private readonly AlignedBuffer<float> scales;
    private readonly int chunk;

    private Int16VnniMatrix(AlignedBuffer<ushort> weights, AlignedBuffer<float> scales, int chunk) =>
        (this.weights, this.scales, this.chunk) = (weights, scales, chunk);

    /// <summary>Takes rows, padded to whole slices; the layout is explained in the C file.</summary>
    public static Int16VnniMatrix Pack(Int16Rows rows)
    {
        var (count, columns) = (rows.Scales.Span.Length, rows.Columns);
        var weights = new AlignedBuffer<ushort>(PackedLength(count, columns));
        for (var row = 0; row < count; row++)
        {
            for (var k = 0; k < columns; k += 4)
            {
                var place = weights.Span[(PackedLength(row / Slice * Slice, columns) + k / 4 * Packed)..];
                for (var half = 0; half < 2; half++) Put(place, row % Slice, half, rows[row][k + half], rows[row][k + 2 + half]);
            }
        }
        return new Int16VnniMatrix(weights, rows.Scales, rows.Chunk) { Rows = count, Columns = columns };
    }

    public override int BlockRows => 4 * Slice;

    public override void Prepare(LayerInput input, int first, int count) => Int16Rows.Prepare(input, Columns, first, count);

    public override unsafe void MultiplyAddRows(
        int first, int count, LayerInput input, ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch)
    {
        // C has no checks; these slices are the checks.
        fixed (ushort* w = weights.Span.Slice(PackedLength(first, Columns), PackedLength(count, Columns)))
        fixed (float* s = scales.Span.Slice(first, count), xs = input.Scales[..batch])
        fixed (short* x = input.Integers[..(batch * Columns)])
        fixed (float* a = addend[first..(addendStride * (batch - 1) + first + count)], y = output[first..(Rows * (batch - 1) + first + count)])
        {
            Int16Vnni.MultiplyAdd(w, count, Columns / 2, chunk, s, (int*)x, xs, a, addendStride, y, Rows, batch);
        }
    }

    private static int PackedLength(int rows, int columns) => rows / Slice * (columns / 4) * Packed;

    /// <summary>
    /// A weight of the first pair of columns and one of the second. Rows 0 to 15 of the second pair are the third vector, 16 to 31 the
    /// fourth, whose bits are below those of the three.
    /// </summary>
    private static void Put(Span<ushort> place, int row, int half, int ofFirst, int ofSecond)
    {
        var lane = row % (Slice / 2) * 2 + half;
        place[row / (Slice / 2) * Vector + lane] |= (ushort)(ofFirst << 4);
        if (row < Slice / 2)
        {
            place[2 * Vector + lane] |= (ushort)(ofSecond << 4);
            return;
        }
        for (var part = 0; part < 3; part++) place[part * Vector + lane] |= (ushort)((ofSecond >> (4 * part)) & 0xF);
    }
}
