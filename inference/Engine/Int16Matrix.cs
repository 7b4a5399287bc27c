using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Engine;

/// <summary><see cref="Int16Rows"/> multiplied by managed code: half the memory traffic of fp32.</summary>
/// <remarks>
/// The layout is that of <see cref="Fp32Matrix{TSimd, TFloats, TInts}"/> with pairs of columns in place of columns.
/// Integer sums run over chunks of columns and are then added up in fp32.
/// </remarks>
internal sealed class Int16Matrix<TSimd, TFloats, TInts> : PackedMatrix
    where TSimd : ISimd<TFloats, TInts>
    where TFloats : struct
    where TInts : struct
{
    private readonly AlignedBuffer<short> weights;
    private readonly AlignedBuffer<float> scales;
    private readonly int chunk;

    private Int16Matrix(AlignedBuffer<short> weights, AlignedBuffer<float> scales, int chunk) =>
        (this.weights, this.scales, this.chunk) = (weights, scales, chunk);

    private static int Slice => 2 * TSimd.Width;

    private int Pairs => Columns / 2;

    /// <summary>Takes rows, padded to whole slices.</summary>
    public static Int16Matrix<TSimd, TFloats, TInts> Pack(Int16Rows rows)
    {
        var (count, columns) = (rows.Scales.Span.Length, rows.Columns);
        var weights = new AlignedBuffer<short>(count * columns);
        for (var row = 0; row < count; row++)
        {
            var place = row / Slice * Slice * columns + row % Slice * 2;
            for (var k = 0; k < columns; k++) weights.Span[place + k / 2 * 2 * Slice + k % 2] = rows[row][k];
        }
        return new Int16Matrix<TSimd, TFloats, TInts>(weights, rows.Scales, rows.Chunk) { Rows = count, Columns = columns };
    }

    public override int BlockRows => 4 * Slice;

    public override void Prepare(LayerInput input, int first, int count) => Int16Rows.Prepare(input, Columns, first, count);

    public override void MultiplyAddRows(
        int first, int count, LayerInput input, ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch)
    {
        // The loops below go by reference, without checks; these slices are the checks.
        ref var w = ref MemoryMarshal.GetReference(weights.Span.Slice(first * Columns, count * Columns));
        ref var s = ref MemoryMarshal.GetReference(scales.Span.Slice(first, count));
        ref var x = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<short, int>(input.Integers[..(batch * Columns)]));
        ref var xs = ref MemoryMarshal.GetReference(input.Scales[..batch]);
        ref var a = ref MemoryMarshal.GetReference(addend[first..(addendStride * (batch - 1) + first + count)]);
        ref var y = ref MemoryMarshal.GetReference(output[first..(Rows * (batch - 1) + first + count)]);
        if (batch == 1) OneSample(ref w, count, ref s, ref x, xs, ref a, ref y);
        else ManySamples(ref w, count, ref s, ref x, ref xs, ref a, addendStride, ref y, batch);
    }

    private void OneSample(ref short w, int rows, ref float scales, ref int x, float inputScale, ref float addend, ref float output)
    {
        var row = 0;
        for (; row + BlockRows <= rows; row += BlockRows)
        {
            FourSlices(ref Unsafe.Add(ref w, row * Columns), Pairs, chunk, ref Unsafe.Add(ref scales, row), ref x, inputScale, ref Unsafe.Add(ref addend, row), ref Unsafe.Add(ref output, row));
        }
        for (; row < rows; row += Slice)
        {
            OneSlice(ref Unsafe.Add(ref w, row * Columns), Pairs, chunk, ref Unsafe.Add(ref scales, row), ref x, inputScale, ref Unsafe.Add(ref addend, row), ref Unsafe.Add(ref output, row));
        }
    }

    // Slices outside, samples inside: weights come from memory once for the batch.
    private void ManySamples(ref short w, int rows, ref float scales, ref int x, ref float inputScales, ref float addend, int addendStride, ref float output, int batch)
    {
        for (var row = 0; row < rows; row += Slice)
        {
            ref var slice = ref Unsafe.Add(ref w, row * Columns);
            ref var rowScales = ref Unsafe.Add(ref scales, row);
            var sample = 0;
            if (TSimd.HasManyRegisters)
            {
                for (; sample + 8 <= batch; sample += 8)
                {
                    EightSamples(
                        ref slice, Pairs, chunk, ref rowScales, ref Unsafe.Add(ref x, sample * Pairs), ref Unsafe.Add(ref inputScales, sample),
                        ref Unsafe.Add(ref addend, sample * addendStride + row), addendStride, ref Unsafe.Add(ref output, sample * Rows + row), Rows,
                        ref Ahead(ref slice, sample));
                }
            }
            for (; sample < batch; sample += 4)
            {
                FourSamples(
                    ref slice, Pairs, chunk, ref rowScales, ref Unsafe.Add(ref x, sample * Pairs), ref Unsafe.Add(ref inputScales, sample),
                    ref Unsafe.Add(ref addend, sample * addendStride + row), addendStride, ref Unsafe.Add(ref output, sample * Rows + row), Rows);
            }
        }
    }

    // The next slice comes from memory while this one's samples are computed, a line for each pair of columns: half of it
    // with each of the first two groups of eight, after which it is there.
    private ref byte Ahead(ref short slice, int sample) => ref sample < 16
        ? ref Unsafe.Add(ref Unsafe.As<short, byte>(ref Unsafe.Add(ref slice, Slice * Columns)), sample / 8 * Pairs * CacheHint.Line)
        : ref Unsafe.As<short, byte>(ref slice);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSlices(ref short w, int pairs, int chunk, ref float scales, ref int x, float inputScale, ref float addend, ref float output)
    {
        var width = (nuint)TSimd.Width;
        var vector = 2 * width;
        ref var w1 = ref Unsafe.Add(ref w, pairs * 2 * Slice);
        ref var w2 = ref Unsafe.Add(ref w1, pairs * 2 * Slice);
        ref var w3 = ref Unsafe.Add(ref w2, pairs * 2 * Slice);
        var inputScales = TSimd.Create(inputScale);
        ref var before = ref addend;
        nuint at = 0;
        for (var start = 0; start < pairs; start += chunk)
        {
            TInts s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            var end = Math.Min(pairs, start + chunk);
            for (var k = start; k < end; k++)
            {
                var v = TSimd.CreatePairs(Unsafe.Add(ref x, k));
                s0 = TSimd.AddProducts(s0, TSimd.LoadPairs(ref w, at), v);
                s1 = TSimd.AddProducts(s1, TSimd.LoadPairs(ref w, at + vector), v);
                s2 = TSimd.AddProducts(s2, TSimd.LoadPairs(ref w1, at), v);
                s3 = TSimd.AddProducts(s3, TSimd.LoadPairs(ref w1, at + vector), v);
                s4 = TSimd.AddProducts(s4, TSimd.LoadPairs(ref w2, at), v);
                s5 = TSimd.AddProducts(s5, TSimd.LoadPairs(ref w2, at + vector), v);
                s6 = TSimd.AddProducts(s6, TSimd.LoadPairs(ref w3, at), v);
                s7 = TSimd.AddProducts(s7, TSimd.LoadPairs(ref w3, at + vector), v);
                at += 2 * vector;
            }
            Scale(s0, ref scales, inputScales, ref before, ref output, 0);
            Scale(s1, ref scales, inputScales, ref before, ref output, width);
            Scale(s2, ref scales, inputScales, ref before, ref output, 2 * width);
            Scale(s3, ref scales, inputScales, ref before, ref output, 3 * width);
            Scale(s4, ref scales, inputScales, ref before, ref output, 4 * width);
            Scale(s5, ref scales, inputScales, ref before, ref output, 5 * width);
            Scale(s6, ref scales, inputScales, ref before, ref output, 6 * width);
            Scale(s7, ref scales, inputScales, ref before, ref output, 7 * width);
            before = ref output;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneSlice(ref short w, int pairs, int chunk, ref float scales, ref int x, float inputScale, ref float addend, ref float output)
    {
        var width = (nuint)TSimd.Width;
        var vector = 2 * width;
        var inputScales = TSimd.Create(inputScale);
        ref var before = ref addend;
        nuint at = 0;
        for (var start = 0; start < pairs; start += chunk)
        {
            TInts s0 = default, s1 = default;
            var end = Math.Min(pairs, start + chunk);
            for (var k = start; k < end; k++)
            {
                var v = TSimd.CreatePairs(Unsafe.Add(ref x, k));
                s0 = TSimd.AddProducts(s0, TSimd.LoadPairs(ref w, at), v);
                s1 = TSimd.AddProducts(s1, TSimd.LoadPairs(ref w, at + vector), v);
                at += 2 * vector;
            }
            Scale(s0, ref scales, inputScales, ref before, ref output, 0);
            Scale(s1, ref scales, inputScales, ref before, ref output, width);
            before = ref output;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSamples(
        ref short w, int pairs, int chunk, ref float scales, ref int x, ref float inputScales, ref float addend, int addendStride, ref float output, int outputStride)
    {
        var width = (nuint)TSimd.Width;
        var vector = 2 * width;
        ref var x1 = ref Unsafe.Add(ref x, pairs);
        ref var x2 = ref Unsafe.Add(ref x1, pairs);
        ref var x3 = ref Unsafe.Add(ref x2, pairs);
        ref var before = ref addend;
        var stride = (nuint)addendStride;
        nuint at = 0;
        for (var start = 0; start < pairs; start += chunk)
        {
            TInts s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            var end = Math.Min(pairs, start + chunk);
            for (var k = start; k < end; k++)
            {
                var w0 = TSimd.LoadPairs(ref w, at);
                var w1 = TSimd.LoadPairs(ref w, at + vector);
                at += 2 * vector;
                var v = TSimd.CreatePairs(Unsafe.Add(ref x, k));
                s00 = TSimd.AddProducts(s00, w0, v);
                s01 = TSimd.AddProducts(s01, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x1, k));
                s10 = TSimd.AddProducts(s10, w0, v);
                s11 = TSimd.AddProducts(s11, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x2, k));
                s20 = TSimd.AddProducts(s20, w0, v);
                s21 = TSimd.AddProducts(s21, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x3, k));
                s30 = TSimd.AddProducts(s30, w0, v);
                s31 = TSimd.AddProducts(s31, w1, v);
            }
            ScaleTwo(s00, s01, ref scales, inputScales, ref before, ref output, 0 * stride, 0);
            ScaleTwo(s10, s11, ref scales, Unsafe.Add(ref inputScales, 1), ref before, ref output, 1 * stride, (nuint)outputStride);
            ScaleTwo(s20, s21, ref scales, Unsafe.Add(ref inputScales, 2), ref before, ref output, 2 * stride, 2 * (nuint)outputStride);
            ScaleTwo(s30, s31, ref scales, Unsafe.Add(ref inputScales, 3), ref before, ref output, 3 * stride, 3 * (nuint)outputStride);
            before = ref output;
            stride = (nuint)outputStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightSamples(
        ref short w, int pairs, int chunk, ref float scales, ref int x, ref float inputScales, ref float addend, int addendStride, ref float output, int outputStride,
        ref byte next)
    {
        var width = (nuint)TSimd.Width;
        var vector = 2 * width;
        ref var x1 = ref Unsafe.Add(ref x, pairs);
        ref var x2 = ref Unsafe.Add(ref x1, pairs);
        ref var x3 = ref Unsafe.Add(ref x2, pairs);
        ref var x4 = ref Unsafe.Add(ref x3, pairs);
        ref var x5 = ref Unsafe.Add(ref x4, pairs);
        ref var x6 = ref Unsafe.Add(ref x5, pairs);
        ref var x7 = ref Unsafe.Add(ref x6, pairs);
        ref var before = ref addend;
        var stride = (nuint)addendStride;
        nuint at = 0;
        for (var start = 0; start < pairs; start += chunk)
        {
            TInts s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            TInts s40 = default, s41 = default, s50 = default, s51 = default, s60 = default, s61 = default, s70 = default, s71 = default;
            var end = Math.Min(pairs, start + chunk);
            for (var k = start; k < end; k++)
            {
                var w0 = TSimd.LoadPairs(ref w, at);
                var w1 = TSimd.LoadPairs(ref w, at + vector);
                at += 2 * vector;
                CacheHint.PrefetchLater(ref next, k * CacheHint.Line);
                var v = TSimd.CreatePairs(Unsafe.Add(ref x, k));
                s00 = TSimd.AddProducts(s00, w0, v);
                s01 = TSimd.AddProducts(s01, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x1, k));
                s10 = TSimd.AddProducts(s10, w0, v);
                s11 = TSimd.AddProducts(s11, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x2, k));
                s20 = TSimd.AddProducts(s20, w0, v);
                s21 = TSimd.AddProducts(s21, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x3, k));
                s30 = TSimd.AddProducts(s30, w0, v);
                s31 = TSimd.AddProducts(s31, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x4, k));
                s40 = TSimd.AddProducts(s40, w0, v);
                s41 = TSimd.AddProducts(s41, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x5, k));
                s50 = TSimd.AddProducts(s50, w0, v);
                s51 = TSimd.AddProducts(s51, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x6, k));
                s60 = TSimd.AddProducts(s60, w0, v);
                s61 = TSimd.AddProducts(s61, w1, v);
                v = TSimd.CreatePairs(Unsafe.Add(ref x7, k));
                s70 = TSimd.AddProducts(s70, w0, v);
                s71 = TSimd.AddProducts(s71, w1, v);
            }
            ScaleTwo(s00, s01, ref scales, inputScales, ref before, ref output, 0 * stride, 0);
            ScaleTwo(s10, s11, ref scales, Unsafe.Add(ref inputScales, 1), ref before, ref output, 1 * stride, (nuint)outputStride);
            ScaleTwo(s20, s21, ref scales, Unsafe.Add(ref inputScales, 2), ref before, ref output, 2 * stride, 2 * (nuint)outputStride);
            ScaleTwo(s30, s31, ref scales, Unsafe.Add(ref inputScales, 3), ref before, ref output, 3 * stride, 3 * (nuint)outputStride);
            ScaleTwo(s40, s41, ref scales, Unsafe.Add(ref inputScales, 4), ref before, ref output, 4 * stride, 4 * (nuint)outputStride);
            ScaleTwo(s50, s51, ref scales, Unsafe.Add(ref inputScales, 5), ref before, ref output, 5 * stride, 5 * (nuint)outputStride);
            ScaleTwo(s60, s61, ref scales, Unsafe.Add(ref inputScales, 6), ref before, ref output, 6 * stride, 6 * (nuint)outputStride);
            ScaleTwo(s70, s71, ref scales, Unsafe.Add(ref inputScales, 7), ref before, ref output, 7 * stride, 7 * (nuint)outputStride);
            before = ref output;
            stride = (nuint)outputStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ScaleTwo(
        TInts first, TInts second, ref float scales, float inputScale, ref float before, ref float output, nuint beforeAt, nuint outputAt)
    {
        var inputScales = TSimd.Create(inputScale);
        Scale(first, ref scales, inputScales, ref Unsafe.Add(ref before, beforeAt), ref Unsafe.Add(ref output, outputAt), 0);
        Scale(second, ref scales, inputScales, ref Unsafe.Add(ref before, beforeAt), ref Unsafe.Add(ref output, outputAt), (nuint)TSimd.Width);
    }

    // output = before + sum · row's scale · input's scale
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(TInts sum, ref float scales, TFloats inputScales, ref float before, ref float output, nuint at) =>
        TSimd.Store(
            TSimd.MultiplyAdd(TSimd.ToFloats(sum), TSimd.Multiply(TSimd.Load(ref scales, at), inputScales), TSimd.Load(ref before, at)),
            ref output,
            at);
}
