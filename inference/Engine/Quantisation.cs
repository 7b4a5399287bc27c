using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trm.Inference.Engine;

/// <summary>Numbers as integers of a few bits with a common scale.</summary>
internal static class Quantisation
{
    // Added to a number of less than 2²² it leaves the nearest integer (half to even) in the lowest bits.
    private const float Rounder = 3 << 22;

    /// <summary>integers[i] = round(values[i] / scale) with scale = largest |value| / <paramref name="largest"/>.</summary>
    /// <returns>The scale; 0 when all are zero.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantise(ReadOnlySpan<float> values, Span<short> integers, int largest)
    {
        var max = LargestMagnitude(values);
        // Too small to divide by is as good as zero; NaN and infinity go on to the output as they must.
        var perUnit = largest / max;
        if (!float.IsFinite(perUnit) && max is not (float.NaN or float.PositiveInfinity))
        {
            integers[..values.Length].Clear();
            return 0;
        }

        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        var scale = Vector512.Create(perUnit);
        var rounder = Vector512.Create(Rounder);
        var i = 0;
        for (; i + 2 <= vectors.Length; i += 2)
        {
            // The lowest 16 bits are the integer's.
            var low = Vector512.MultiplyAddEstimate(vectors[i], scale, rounder).AsInt32();
            var high = Vector512.MultiplyAddEstimate(vectors[i + 1], scale, rounder).AsInt32();
            Vector512.Narrow(low, high).CopyTo(integers[(i * Vector512<float>.Count)..]);
        }
        for (var rest = i * Vector512<float>.Count; rest < values.Length; rest++)
        {
            integers[rest] = (short)BitConverter.SingleToInt32Bits(float.MultiplyAddEstimate(values[rest], perUnit, Rounder));
        }
        return max / largest;
    }

    // By their bits: without the sign they are in the numbers' order, infinity and then NaN above all, and integers compare faster.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<int>>(values);
        var magnitude = Vector512.Create(int.MaxValue);
        var largest = Vector512<int>.Zero;
        foreach (ref readonly var vector in vectors) largest = Vector512.Max(largest, vector & magnitude);
        var half = Vector256.Max(largest.GetLower(), largest.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        var max = Math.Max(Math.Max(quarter[0], quarter[1]), Math.Max(quarter[2], quarter[3]));
        foreach (var value in values[(vectors.Length * Vector512<int>.Count)..]) max = Math.Max(max, BitConverter.SingleToInt32Bits(value) & int.MaxValue);
        return BitConverter.Int32BitsToSingle(max);
    }
}
