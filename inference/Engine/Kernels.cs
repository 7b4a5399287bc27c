using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trm.Inference.Engine;

/// <summary>
/// The arithmetic of the forward pass on padded, row-major floats. Every sum is taken in one order that does not
/// depend on the batch, so that a row of a batch equals the same row alone bit for bit.
/// </summary>
internal static class Kernels
{
    /// <summary>Floats of a vector. Fixed at 256 bits, so that the order of sums is the same on every machine.</summary>
    public const int Width = 8;

    private const float LayerNormEpsilon = 1e-5f;

    /// <summary>Rows of a full panel: eight independent sums hide the latency of a multiply-add.</summary>
    public const int Panel = 8 * Width;

    private const int Slice = 2 * Width;

    /// <summary>
    /// output[b, r] = addend[b, r] + Σₖ weights[r, k]·input[b, k], summed over k one by one from the addend on.
    /// Weights are packed by <see cref="Pack"/>; <paramref name="rows"/> is a multiple of <see cref="Width"/>, and an
    /// addend stride of 0 gives each row of the batch the same addend.
    /// <para>
    /// The order of the sum is the order of the reference: over 36 layers another one moves a probability by more
    /// than 1e-6, although it is no less exact.
    /// </para>
    /// </summary>
    public static void MultiplyAdd(
        ReadOnlySpan<float> weights, int rows, int columns, ReadOnlySpan<float> input, int inputStride,
        ReadOnlySpan<float> addend, int addendStride, Span<float> output, int batch)
    {
        // The loops below go by reference, without checks; these slices are the checks.
        ref var w = ref MemoryMarshal.GetReference(weights[..(rows * columns)]);
        ref var x = ref MemoryMarshal.GetReference(input[..(inputStride * (batch - 1) + columns)]);
        ref var a = ref MemoryMarshal.GetReference(addend[..(addendStride * (batch - 1) + rows)]);
        ref var y = ref MemoryMarshal.GetReference(output[..(batch * rows)]);

        // Panels outside, samples inside: weights come from memory once for the batch.
        var row = 0;
        for (; row + Panel <= rows; row += Panel)
        {
            ref var panel = ref Unsafe.Add(ref w, row * columns);
            var grouped = batch & ~3;
            for (var slice = 0; slice < Panel; slice += Slice)
            {
                for (var sample = 0; sample < grouped; sample += 4)
                {
                    SliceOfFourSamples(
                        ref Unsafe.Add(ref panel, slice), columns, ref Unsafe.Add(ref x, sample * inputStride), inputStride,
                        ref Unsafe.Add(ref a, sample * addendStride + row + slice), addendStride, ref Unsafe.Add(ref y, sample * rows + row + slice), rows);
                }
            }
            for (var sample = grouped; sample < batch; sample++)
            {
                PanelOfOneSample(
                    ref panel, columns, ref Unsafe.Add(ref x, sample * inputStride),
                    ref Unsafe.Add(ref a, sample * addendStride + row), ref Unsafe.Add(ref y, sample * rows + row));
            }
        }
        for (; row < rows; row += Width)
        {
            ref var panel = ref Unsafe.Add(ref w, row * columns);
            for (var sample = 0; sample < batch; sample++)
            {
                VectorOfOneSample(
                    ref panel, columns, ref Unsafe.Add(ref x, sample * inputStride),
                    ref Unsafe.Add(ref a, sample * addendStride + row), ref Unsafe.Add(ref y, sample * rows + row));
            }
        }
    }

    /// <summary>
    /// Lays a row-major matrix out as <see cref="MultiplyAdd"/> reads it: panels of <see cref="Panel"/> rows while they
    /// last, then of <see cref="Width"/>, each column by column. <paramref name="packed"/> is zeroed and as long as the
    /// rows padded to <see cref="Width"/> need.
    /// </summary>
    public static void Pack(ReadOnlySpan<float> matrix, int stride, int rows, int columns, Span<float> packed)
    {
        var padded = packed.Length / columns;
        var full = padded - padded % Panel;
        for (var row = 0; row < rows; row++)
        {
            var width = row < full ? Panel : Width;
            var first = row - row % width;
            var panel = packed[(first * columns)..];
            for (var k = 0; k < columns; k++) panel[k * width + row - first] = matrix[row * stride + k];
        }
    }

    /// <summary>values ← gelu(values), exact form: x·½(1 + erf(x/√2)).</summary>
    public static void Gelu(Span<float> values)
    {
        foreach (ref var vector in MemoryMarshal.Cast<float, Vector256<float>>(values))
        {
            var (low, high) = Vector256.Widen(vector);
            vector = Vector256.Narrow(Gelu(low), Gelu(high));
        }
    }

    /// <summary>
    /// erf to 1e-7: the rational minimax approximation x·P(x²)/Q(x²) on [−4, 4] of Eigen and XLA; beyond, erf is ±1 in
    /// single precision. In double, because five roundings of it in single would be the engine's largest error.
    /// </summary>
    public static Vector256<double> Erf(Vector256<double> value)
    {
        var x = Vector256.Clamp(value, Vector256.Create(-4.0), Vector256.Create(4.0));
        var s = x * x;

        var p = Vector256.Create(-2.72614225801306e-10);
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(2.77068142495902e-08));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(-2.10102402082508e-06));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(-5.69250639462346e-05));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(-7.34990630326855e-04));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(-2.95459980854025e-03));
        p = Vector256.MultiplyAddEstimate(p, s, Vector256.Create(-1.60960333262415e-02));

        var q = Vector256.Create(-1.45660718464996e-05);
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(-2.13374055278905e-04));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(-1.68282697438203e-03));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(-7.37332916720468e-03));
        q = Vector256.MultiplyAddEstimate(q, s, Vector256.Create(-1.42647390514189e-02));

        return x * p / q;
    }

    /// <summary>
    /// state[b] += layerNorm(delta[b]) over the first <paramref name="size"/> of each row. Scale and shift are zero in
    /// the padding, which therefore stays zero.
    /// </summary>
    public static void AddNormalized(
        Span<float> state, ReadOnlySpan<float> delta, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, int size, int batch)
    {
        var stride = scale.Length;
        for (var sample = 0; sample < batch; sample++)
        {
            var row = delta.Slice(sample * stride, stride);
            var mean = Sum(row) / size;
            var factor = 1f / MathF.Sqrt(SquaredDeviations(row[..size], mean) / size + LayerNormEpsilon);

            var states = MemoryMarshal.Cast<float, Vector256<float>>(state.Slice(sample * stride, stride));
            var values = MemoryMarshal.Cast<float, Vector256<float>>(row);
            var scales = MemoryMarshal.Cast<float, Vector256<float>>(scale);
            var shifts = MemoryMarshal.Cast<float, Vector256<float>>(shift);
            for (var i = 0; i < states.Length; i++)
            {
                states[i] += (values[i] - Vector256.Create(mean)) * factor * scales[i] + shifts[i];
            }
        }
    }

    /// <summary>values ← exp(values − max) / Σ, without overflow for any finite logits.</summary>
    public static void Softmax(Span<float> values)
    {
        var max = values[0];
        foreach (var value in values) max = MathF.Max(max, value);
        var sum = 0f;
        foreach (ref var value in values)
        {
            value = MathF.Exp(value - max);
            sum += value;
        }
        foreach (ref var value in values) value /= sum;
    }

    /// <summary>1 / (1 + e⁻ˣ), written so that no exponential overflows.</summary>
    public static float Sigmoid(float x)
    {
        if (x >= 0) return 1f / (1f + MathF.Exp(-x));
        var e = MathF.Exp(x);
        return e / (1f + e);
    }

    private static Vector256<double> Gelu(Vector256<double> x) => 0.5 * x * (Vector256<double>.One + Erf(x * Math.Sqrt(0.5)));

    private static float Sum(ReadOnlySpan<float> values)
    {
        var sum = Vector256<float>.Zero;
        foreach (ref readonly var vector in MemoryMarshal.Cast<float, Vector256<float>>(values)) sum += vector;
        return Vector256.Sum(sum);
    }

    private static float SquaredDeviations(ReadOnlySpan<float> values, float mean)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var sums = Vector256<float>.Zero;
        foreach (ref readonly var vector in vectors)
        {
            var deviation = vector - Vector256.Create(mean);
            sums = Vector256.MultiplyAddEstimate(deviation, deviation, sums);
        }
        var sum = Vector256.Sum(sums);
        // Padding is not data: a width that is no multiple of the vector's ends one by one.
        foreach (var value in values[(vectors.Length * Width)..]) sum += (value - mean) * (value - mean);
        return sum;
    }

    private static void PanelOfOneSample(ref float w, int columns, ref float x, ref float addend, ref float output)
    {
        var s0 = Vector256.LoadUnsafe(ref addend);
        var s1 = Vector256.LoadUnsafe(ref addend, 1 * Width);
        var s2 = Vector256.LoadUnsafe(ref addend, 2 * Width);
        var s3 = Vector256.LoadUnsafe(ref addend, 3 * Width);
        var s4 = Vector256.LoadUnsafe(ref addend, 4 * Width);
        var s5 = Vector256.LoadUnsafe(ref addend, 5 * Width);
        var s6 = Vector256.LoadUnsafe(ref addend, 6 * Width);
        var s7 = Vector256.LoadUnsafe(ref addend, 7 * Width);
        for (var k = 0; k < columns; k++)
        {
            var v = Vector256.Create(Unsafe.Add(ref x, k));
            s0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w), v, s0);
            s1 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 1 * Width), v, s1);
            s2 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 2 * Width), v, s2);
            s3 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 3 * Width), v, s3);
            s4 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 4 * Width), v, s4);
            s5 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 5 * Width), v, s5);
            s6 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 6 * Width), v, s6);
            s7 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, 7 * Width), v, s7);
            w = ref Unsafe.Add(ref w, Panel);
        }
        s0.StoreUnsafe(ref output);
        s1.StoreUnsafe(ref output, 1 * Width);
        s2.StoreUnsafe(ref output, 2 * Width);
        s3.StoreUnsafe(ref output, 3 * Width);
        s4.StoreUnsafe(ref output, 4 * Width);
        s5.StoreUnsafe(ref output, 5 * Width);
        s6.StoreUnsafe(ref output, 6 * Width);
        s7.StoreUnsafe(ref output, 7 * Width);
    }

    // Eight sums again, from two loads of weights instead of eight: with more samples the arithmetic, not the memory,
    // is the limit.
    private static void SliceOfFourSamples(
        ref float w, int columns, ref float x, int inputStride, ref float addend, int addendStride, ref float output, int outputStride)
    {
        ref var x1 = ref Unsafe.Add(ref x, inputStride);
        ref var x2 = ref Unsafe.Add(ref x, 2 * inputStride);
        ref var x3 = ref Unsafe.Add(ref x, 3 * inputStride);
        ref var a1 = ref Unsafe.Add(ref addend, addendStride);
        ref var a2 = ref Unsafe.Add(ref addend, 2 * addendStride);
        ref var a3 = ref Unsafe.Add(ref addend, 3 * addendStride);
        var s00 = Vector256.LoadUnsafe(ref addend);
        var s01 = Vector256.LoadUnsafe(ref addend, Width);
        var s10 = Vector256.LoadUnsafe(ref a1);
        var s11 = Vector256.LoadUnsafe(ref a1, Width);
        var s20 = Vector256.LoadUnsafe(ref a2);
        var s21 = Vector256.LoadUnsafe(ref a2, Width);
        var s30 = Vector256.LoadUnsafe(ref a3);
        var s31 = Vector256.LoadUnsafe(ref a3, Width);
        for (var k = 0; k < columns; k++)
        {
            var w0 = Vector256.LoadUnsafe(ref w);
            var w1 = Vector256.LoadUnsafe(ref w, Width);
            var v = Vector256.Create(Unsafe.Add(ref x, k));
            s00 = Vector256.MultiplyAddEstimate(w0, v, s00);
            s01 = Vector256.MultiplyAddEstimate(w1, v, s01);
            v = Vector256.Create(Unsafe.Add(ref x1, k));
            s10 = Vector256.MultiplyAddEstimate(w0, v, s10);
            s11 = Vector256.MultiplyAddEstimate(w1, v, s11);
            v = Vector256.Create(Unsafe.Add(ref x2, k));
            s20 = Vector256.MultiplyAddEstimate(w0, v, s20);
            s21 = Vector256.MultiplyAddEstimate(w1, v, s21);
            v = Vector256.Create(Unsafe.Add(ref x3, k));
            s30 = Vector256.MultiplyAddEstimate(w0, v, s30);
            s31 = Vector256.MultiplyAddEstimate(w1, v, s31);
            w = ref Unsafe.Add(ref w, Panel);
        }
        Store(s00, s01, ref output);
        Store(s10, s11, ref Unsafe.Add(ref output, outputStride));
        Store(s20, s21, ref Unsafe.Add(ref output, 2 * outputStride));
        Store(s30, s31, ref Unsafe.Add(ref output, 3 * outputStride));
    }

    private static void VectorOfOneSample(ref float w, int columns, ref float x, ref float addend, ref float output)
    {
        var sum = Vector256.LoadUnsafe(ref addend);
        for (var k = 0; k < columns; k++)
        {
            sum = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref w, (nuint)(k * Width)), Vector256.Create(Unsafe.Add(ref x, k)), sum);
        }
        sum.StoreUnsafe(ref output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> first, Vector256<float> second, ref float output)
    {
        first.StoreUnsafe(ref output);
        second.StoreUnsafe(ref output, Width);
    }
}
