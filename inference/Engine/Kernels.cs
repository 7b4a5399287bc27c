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
}
