using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trm.Inference.Engine;

/// <summary>
/// What the forward pass does between its matrices, on padded, row-major floats. Every sum is taken in one order that
/// depends neither on the batch nor on the processor: 512 bits at a time, in pieces where the processor has less.
/// </summary>
/// <remarks>Compiled in full at once: in the first, quick form a vector in a loop costs twenty times as much.</remarks>
internal static class Kernels
{
    /// <summary>Lengths of rows are a multiple of this.</summary>
    public static int Width => Vector512<float>.Count;

    private const float LayerNormEpsilon = 1e-5f;

    /// <summary>values ← gelu(values), exact form: x·½(1 + erf(x/√2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gelu(Span<float> values)
    {
        foreach (ref var vector in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            var (low, high) = Vector512.Widen(vector);
            vector = Vector512.Narrow(Gelu(low), Gelu(high));
        }
    }

    /// <summary>
    /// erf to 1e-7: the rational minimax approximation x·P(x²)/Q(x²) on [−4, 4] of Eigen and XLA; beyond, erf is ±1 in
    /// single precision. In double, because five roundings of it in single would be the engine's largest error.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Erf(Vector512<double> value)
    {
        var x = Vector512.MinNative(Vector512.MaxNative(value, Vector512.Create(-4.0)), Vector512.Create(4.0));
        var s = x * x;

        var p = Vector512.Create(-2.72614225801306e-10);
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(2.77068142495902e-08));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(-2.10102402082508e-06));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(-5.69250639462346e-05));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(-7.34990630326855e-04));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(-2.95459980854025e-03));
        p = Vector512.MultiplyAddEstimate(p, s, Vector512.Create(-1.60960333262415e-02));

        var q = Vector512.Create(-1.45660718464996e-05);
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(-2.13374055278905e-04));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(-1.68282697438203e-03));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(-7.37332916720468e-03));
        q = Vector512.MultiplyAddEstimate(q, s, Vector512.Create(-1.42647390514189e-02));

        return x * p / q;
    }

    /// <summary>
    /// state[b] += layerNorm(delta[b]) over the first <paramref name="size"/> of each row. Scale and shift are zero in
    /// the padding, which therefore stays zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddNormalized(
        Span<float> state, ReadOnlySpan<float> delta, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, int size, int batch)
    {
        var stride = scale.Length;
        var scales = MemoryMarshal.Cast<float, Vector512<float>>(scale);
        var shifts = MemoryMarshal.Cast<float, Vector512<float>>(shift);
        for (var sample = 0; sample < batch; sample++)
        {
            var row = delta.Slice(sample * stride, stride);
            var mean = Sum(row) / size;
            var factor = 1f / MathF.Sqrt(SquaredDeviations(row[..size], mean) / size + LayerNormEpsilon);

            var means = Vector512.Create(mean);
            var factors = Vector512.Create(factor);
            var states = MemoryMarshal.Cast<float, Vector512<float>>(state.Slice(sample * stride, stride));
            var values = MemoryMarshal.Cast<float, Vector512<float>>(row);
            for (var i = 0; i < states.Length; i++)
            {
                states[i] += (values[i] - means) * factors * scales[i] + shifts[i];
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Gelu(Vector512<double> x) => 0.5 * x * (Vector512<double>.One + Erf(x * Math.Sqrt(0.5)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(ReadOnlySpan<float> values)
    {
        var sums = Vector512<float>.Zero;
        foreach (ref readonly var vector in MemoryMarshal.Cast<float, Vector512<float>>(values)) sums += vector;
        return Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SquaredDeviations(ReadOnlySpan<float> values, float mean)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var means = Vector512.Create(mean);
        var sums = Vector512<float>.Zero;
        foreach (ref readonly var vector in vectors)
        {
            var deviation = vector - means;
            sums = Vector512.MultiplyAddEstimate(deviation, deviation, sums);
        }
        var sum = Sum(sums);
        // Padding is not data: a width that is no multiple of the vector's ends one by one.
        foreach (var value in values[(vectors.Length * Width)..]) sum += (value - mean) * (value - mean);
        return sum;
    }

    // Halves upon halves, spelt out: what Vector512.Sum does depends on the processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector512<float> vector)
    {
        var half = vector.GetLower() + vector.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[2] + (quarter[1] + quarter[3]);
    }
}
