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

    // Four sums at once: one would wait for its own last addition every time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            s0 += vectors[i];
            s1 += vectors[i + 1];
            s2 += vectors[i + 2];
            s3 += vectors[i + 3];
        }
        for (; i < vectors.Length; i++) s0 += vectors[i];
        return Sum(s0 + s1 + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SquaredDeviations(ReadOnlySpan<float> values, float mean)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var means = Vector512.Create(mean);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            s0 = AddSquare(s0, vectors[i] - means);
            s1 = AddSquare(s1, vectors[i + 1] - means);
            s2 = AddSquare(s2, vectors[i + 2] - means);
            s3 = AddSquare(s3, vectors[i + 3] - means);
        }
        for (; i < vectors.Length; i++) s0 = AddSquare(s0, vectors[i] - means);
        var sum = Sum(s0 + s1 + (s2 + s3));
        // Padding is not data: a width that is no multiple of the vector's ends one by one.
        foreach (var value in values[(vectors.Length * Width)..]) sum += (value - mean) * (value - mean);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AddSquare(Vector512<float> sum, Vector512<float> value) => Vector512.MultiplyAddEstimate(value, value, sum);

    // Halves upon halves, spelt out: what Vector512.Sum does depends on the processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector512<float> vector)
    {
        var half = vector.GetLower() + vector.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[2] + (quarter[1] + quarter[3]);
    }
}
