using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Engine;

/// <summary>
/// Weights in single precision. Every sum runs over k one by one from the addend on, whatever the batch and the vector
/// width: over 36 layers another order moves a probability by more than 1e-6, although it is no less exact.
/// </summary>
/// <remarks>
/// Layout: slices of two vectors of rows, each column by column. One sample takes four slices at once: eight independent
/// sums hide the latency of a multiply-add, and four streams keep the prefetchers busy. More samples take one slice by
/// four or eight samples, so that a load of weights serves them all.
/// </remarks>
internal sealed class Fp32Matrix<TSimd, TFloats, TInts> : PackedMatrix
    where TSimd : ISimd<TFloats, TInts>
    where TFloats : struct
    where TInts : struct
{
    private readonly AlignedBuffer<float> weights;

    private Fp32Matrix(AlignedBuffer<float> weights) => this.weights = weights;

    private static int Slice => 2 * TSimd.Width;

    /// <summary>32 KiB of a slice.</summary>
    private static int BlockColumns => 32 * 1024 / sizeof(float) / Slice;

    /// <summary>Takes columns <paramref name="firstColumn"/> … of a row-major matrix.</summary>
    public static Fp32Matrix<TSimd, TFloats, TInts> Pack(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns, int paddedRows)
    {
        var weights = new AlignedBuffer<float>(paddedRows * columns);
        var packed = weights.Span;
        for (var row = 0; row < rows; row++)
        {
            var place = row / Slice * Slice * columns + row % Slice;
            for (var k = 0; k < columns; k++) packed[place + k * Slice] = matrix[row * stride + firstColumn + k];
        }
        return new Fp32Matrix<TSimd, TFloats, TInts>(weights) { Rows = paddedRows, Columns = columns };
    }

    public override int BlockRows => 4 * Slice;

    public override void Prepare(LayerInput input, int first, int count)
    {
        // They are read as they are.
    }

    public override void MultiplyAddRows(
        int first, int count, LayerInput input, ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch)
    {
        // The loops below go by reference, without checks; these slices are the checks.
        ref var w = ref MemoryMarshal.GetReference(weights.Span.Slice(first * Columns, count * Columns));
        ref var x = ref MemoryMarshal.GetReference(input.Floats[..(input.Stride * (batch - 1) + Columns)]);
        ref var a = ref MemoryMarshal.GetReference(addend[first..(addendStride * (batch - 1) + first + count)]);
        ref var y = ref MemoryMarshal.GetReference(output[first..(Rows * (batch - 1) + first + count)]);
        if (batch == 1) OneSample(ref w, count, ref x, ref a, ref y);
        else ManySamples(ref w, count, ref x, input.Stride, ref a, addendStride, ref y, batch);
    }

    private void OneSample(ref float w, int rows, ref float x, ref float addend, ref float output)
    {
        var row = 0;
        for (; row + BlockRows <= rows; row += BlockRows)
        {
            FourSlices(ref Unsafe.Add(ref w, row * Columns), Columns, ref x, ref Unsafe.Add(ref addend, row), ref Unsafe.Add(ref output, row));
        }
        for (; row < rows; row += Slice)
        {
            OneSlice(ref Unsafe.Add(ref w, row * Columns), Columns, ref x, ref Unsafe.Add(ref addend, row), ref Unsafe.Add(ref output, row));
        }
    }

    // Weights come from memory once for the batch: blocks of columns that leave a slice in the first-level cache, within
    // them slices, within those samples. A sum is put down in the output and taken up again where a block ends.
    private void ManySamples(ref float w, int rows, ref float x, int inputStride, ref float addend, int addendStride, ref float output, int batch)
    {
        for (var first = 0; first < Columns; first += BlockColumns)
        {
            var columns = Math.Min(BlockColumns, Columns - first);
            for (var row = 0; row < rows; row += Slice)
            {
                ref var block = ref Unsafe.Add(ref w, row * Columns + first * Slice);
                for (var sample = 0; sample < batch; sample += BatchGroup)
                {
                    ref var from = ref Unsafe.Add(ref x, sample * inputStride + first);
                    ref var to = ref Unsafe.Add(ref output, sample * Rows + row);
                    ref var before = ref (first == 0 ? ref Unsafe.Add(ref addend, sample * addendStride + row) : ref to);
                    var stride = first == 0 ? addendStride : Rows;
                    PrefetchSums(ref before, stride, sample, batch);
                    if (TSimd.HasManyRegisters && sample + 8 <= batch)
                    {
                        EightSamples(ref block, columns, ref from, inputStride, ref before, stride, ref to, Rows, ref Ahead(ref block, columns, sample));
                        sample += BatchGroup;
                    }
                    else
                    {
                        FourSamples(ref block, columns, ref from, inputStride, ref before, stride, ref to, Rows);
                    }
                }
            }
        }
    }

    // The next slice's block comes from memory while this one's samples are computed, a line for each column: half of it
    // with each of the first two groups of eight, after which it is there.
    private ref byte Ahead(ref float block, int columns, int sample) => ref sample < 16
        ? ref Unsafe.Add(ref Unsafe.As<float, byte>(ref Unsafe.Add(ref block, Slice * Columns)), sample / 8 * columns * CacheHint.Line)
        : ref Unsafe.As<float, byte>(ref block);

    // All of a group's sums start from these: until they are there, nothing else can be done.
    private static void PrefetchSums(ref float before, int stride, int sample, int batch)
    {
        for (var next = 8; next < 16 && sample + next < batch; next++) CacheHint.PrefetchSoon(ref Unsafe.Add(ref before, next * stride), Slice);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSlices(ref float w, int columns, ref float x, ref float addend, ref float output)
    {
        var width = (nuint)TSimd.Width;
        ref var w1 = ref Unsafe.Add(ref w, columns * Slice);
        ref var w2 = ref Unsafe.Add(ref w1, columns * Slice);
        ref var w3 = ref Unsafe.Add(ref w2, columns * Slice);
        var s0 = TSimd.Load(ref addend, 0);
        var s1 = TSimd.Load(ref addend, width);
        var s2 = TSimd.Load(ref addend, 2 * width);
        var s3 = TSimd.Load(ref addend, 3 * width);
        var s4 = TSimd.Load(ref addend, 4 * width);
        var s5 = TSimd.Load(ref addend, 5 * width);
        var s6 = TSimd.Load(ref addend, 6 * width);
        var s7 = TSimd.Load(ref addend, 7 * width);
        nuint at = 0;
        for (var k = 0; k < columns; k++)
        {
            var v = TSimd.Create(Unsafe.Add(ref x, k));
            s0 = TSimd.MultiplyAdd(TSimd.Load(ref w, at), v, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Load(ref w, at + width), v, s1);
            s2 = TSimd.MultiplyAdd(TSimd.Load(ref w1, at), v, s2);
            s3 = TSimd.MultiplyAdd(TSimd.Load(ref w1, at + width), v, s3);
            s4 = TSimd.MultiplyAdd(TSimd.Load(ref w2, at), v, s4);
            s5 = TSimd.MultiplyAdd(TSimd.Load(ref w2, at + width), v, s5);
            s6 = TSimd.MultiplyAdd(TSimd.Load(ref w3, at), v, s6);
            s7 = TSimd.MultiplyAdd(TSimd.Load(ref w3, at + width), v, s7);
            at += 2 * width;
        }
        TSimd.Store(s0, ref output, 0);
        TSimd.Store(s1, ref output, width);
        TSimd.Store(s2, ref output, 2 * width);
        TSimd.Store(s3, ref output, 3 * width);
        TSimd.Store(s4, ref output, 4 * width);
        TSimd.Store(s5, ref output, 5 * width);
        TSimd.Store(s6, ref output, 6 * width);
        TSimd.Store(s7, ref output, 7 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneSlice(ref float w, int columns, ref float x, ref float addend, ref float output)
    {
        var width = (nuint)TSimd.Width;
        var s0 = TSimd.Load(ref addend, 0);
        var s1 = TSimd.Load(ref addend, width);
        nuint at = 0;
        for (var k = 0; k < columns; k++)
        {
            var v = TSimd.Create(Unsafe.Add(ref x, k));
            s0 = TSimd.MultiplyAdd(TSimd.Load(ref w, at), v, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Load(ref w, at + width), v, s1);
            at += 2 * width;
        }
        TSimd.Store(s0, ref output, 0);
        TSimd.Store(s1, ref output, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSamples(
        ref float w, int columns, ref float x, int inputStride, ref float addend, int addendStride, ref float output, int outputStride)
    {
        var width = (nuint)TSimd.Width;
        ref var x1 = ref Unsafe.Add(ref x, inputStride);
        ref var x2 = ref Unsafe.Add(ref x1, inputStride);
        ref var x3 = ref Unsafe.Add(ref x2, inputStride);
        var next = (nuint)addendStride;
        var s00 = TSimd.Load(ref addend, 0);
        var s01 = TSimd.Load(ref addend, width);
        var s10 = TSimd.Load(ref addend, next);
        var s11 = TSimd.Load(ref addend, next + width);
        var s20 = TSimd.Load(ref addend, 2 * next);
        var s21 = TSimd.Load(ref addend, 2 * next + width);
        var s30 = TSimd.Load(ref addend, 3 * next);
        var s31 = TSimd.Load(ref addend, 3 * next + width);
        nuint at = 0;
        for (var k = 0; k < columns; k++)
        {
            var w0 = TSimd.Load(ref w, at);
            var w1 = TSimd.Load(ref w, at + width);
            at += 2 * width;
            var v = TSimd.Create(Unsafe.Add(ref x, k));
            s00 = TSimd.MultiplyAdd(w0, v, s00);
            s01 = TSimd.MultiplyAdd(w1, v, s01);
            v = TSimd.Create(Unsafe.Add(ref x1, k));
            s10 = TSimd.MultiplyAdd(w0, v, s10);
            s11 = TSimd.MultiplyAdd(w1, v, s11);
            v = TSimd.Create(Unsafe.Add(ref x2, k));
            s20 = TSimd.MultiplyAdd(w0, v, s20);
            s21 = TSimd.MultiplyAdd(w1, v, s21);
            v = TSimd.Create(Unsafe.Add(ref x3, k));
            s30 = TSimd.MultiplyAdd(w0, v, s30);
            s31 = TSimd.MultiplyAdd(w1, v, s31);
        }
        next = (nuint)outputStride;
        TSimd.Store(s00, ref output, 0);
        TSimd.Store(s01, ref output, width);
        TSimd.Store(s10, ref output, next);
        TSimd.Store(s11, ref output, next + width);
        TSimd.Store(s20, ref output, 2 * next);
        TSimd.Store(s21, ref output, 2 * next + width);
        TSimd.Store(s30, ref output, 3 * next);
        TSimd.Store(s31, ref output, 3 * next + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightSamples(
        ref float w, int columns, ref float x, int inputStride, ref float addend, int addendStride, ref float output, int outputStride, ref byte next)
    {
        var width = (nuint)TSimd.Width;
        ref var x1 = ref Unsafe.Add(ref x, inputStride);
        ref var x2 = ref Unsafe.Add(ref x1, inputStride);
        ref var x3 = ref Unsafe.Add(ref x2, inputStride);
        ref var x4 = ref Unsafe.Add(ref x3, inputStride);
        ref var x5 = ref Unsafe.Add(ref x4, inputStride);
        ref var x6 = ref Unsafe.Add(ref x5, inputStride);
        ref var x7 = ref Unsafe.Add(ref x6, inputStride);
        var step = (nuint)addendStride;
        var s00 = TSimd.Load(ref addend, 0);
        var s01 = TSimd.Load(ref addend, width);
        var s10 = TSimd.Load(ref addend, step);
        var s11 = TSimd.Load(ref addend, step + width);
        var s20 = TSimd.Load(ref addend, 2 * step);
        var s21 = TSimd.Load(ref addend, 2 * step + width);
        var s30 = TSimd.Load(ref addend, 3 * step);
        var s31 = TSimd.Load(ref addend, 3 * step + width);
        var s40 = TSimd.Load(ref addend, 4 * step);
        var s41 = TSimd.Load(ref addend, 4 * step + width);
        var s50 = TSimd.Load(ref addend, 5 * step);
        var s51 = TSimd.Load(ref addend, 5 * step + width);
        var s60 = TSimd.Load(ref addend, 6 * step);
        var s61 = TSimd.Load(ref addend, 6 * step + width);
        var s70 = TSimd.Load(ref addend, 7 * step);
        var s71 = TSimd.Load(ref addend, 7 * step + width);
        nuint at = 0;
        for (var k = 0; k < columns; k++)
        {
            var w0 = TSimd.Load(ref w, at);
            var w1 = TSimd.Load(ref w, at + width);
            at += 2 * width;
            CacheHint.PrefetchLater(ref next, k * CacheHint.Line);
            var v = TSimd.Create(Unsafe.Add(ref x, k));
            s00 = TSimd.MultiplyAdd(w0, v, s00);
            s01 = TSimd.MultiplyAdd(w1, v, s01);
            v = TSimd.Create(Unsafe.Add(ref x1, k));
            s10 = TSimd.MultiplyAdd(w0, v, s10);
            s11 = TSimd.MultiplyAdd(w1, v, s11);
            v = TSimd.Create(Unsafe.Add(ref x2, k));
            s20 = TSimd.MultiplyAdd(w0, v, s20);
            s21 = TSimd.MultiplyAdd(w1, v, s21);
            v = TSimd.Create(Unsafe.Add(ref x3, k));
            s30 = TSimd.MultiplyAdd(w0, v, s30);
            s31 = TSimd.MultiplyAdd(w1, v, s31);
            v = TSimd.Create(Unsafe.Add(ref x4, k));
            s40 = TSimd.MultiplyAdd(w0, v, s40);
            s41 = TSimd.MultiplyAdd(w1, v, s41);
            v = TSimd.Create(Unsafe.Add(ref x5, k));
            s50 = TSimd.MultiplyAdd(w0, v, s50);
            s51 = TSimd.MultiplyAdd(w1, v, s51);
            v = TSimd.Create(Unsafe.Add(ref x6, k));
            s60 = TSimd.MultiplyAdd(w0, v, s60);
            s61 = TSimd.MultiplyAdd(w1, v, s61);
            v = TSimd.Create(Unsafe.Add(ref x7, k));
            s70 = TSimd.MultiplyAdd(w0, v, s70);
            s71 = TSimd.MultiplyAdd(w1, v, s71);
        }
        step = (nuint)outputStride;
        TSimd.Store(s00, ref output, 0);
        TSimd.Store(s01, ref output, width);
        TSimd.Store(s10, ref output, step);
        TSimd.Store(s11, ref output, step + width);
        TSimd.Store(s20, ref output, 2 * step);
        TSimd.Store(s21, ref output, 2 * step + width);
        TSimd.Store(s30, ref output, 3 * step);
        TSimd.Store(s31, ref output, 3 * step + width);
        TSimd.Store(s40, ref output, 4 * step);
        TSimd.Store(s41, ref output, 4 * step + width);
        TSimd.Store(s50, ref output, 5 * step);
        TSimd.Store(s51, ref output, 5 * step + width);
        TSimd.Store(s60, ref output, 6 * step);
        TSimd.Store(s61, ref output, 6 * step + width);
        TSimd.Store(s70, ref output, 7 * step);
        TSimd.Store(s71, ref output, 7 * step + width);
    }
}
