using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>Fused multiply-adds in single precision. The accumulator is a factor, so it converges and never overflows.</summary>
internal static class Fp32Kernels
{
    /// <summary>16 floats.</summary>
    internal readonly struct Bits512 : IMultiplyAddKernel<Vector512<float>>
    {
        public static bool IsSupported => Avx512F.IsSupported;

        public static int Width => Vector512<float>.Count;

        public static Vector512<float> Start(int seed) => Vector512.Create(0.5f + seed / 64f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Step(Vector512<float> accumulator, Vector512<float> left, Vector512<float> right) => Vector512.FusedMultiplyAdd(accumulator, left, right);

        public static Vector512<float> Combine(Vector512<float> left, Vector512<float> right) => left + right;
    }

    /// <summary>8 floats.</summary>
    internal readonly struct Bits256 : IMultiplyAddKernel<Vector256<float>>
    {
        public static bool IsSupported => Fma.IsSupported;

        public static int Width => Vector256<float>.Count;

        public static Vector256<float> Start(int seed) => Vector256.Create(0.5f + seed / 64f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Step(Vector256<float> accumulator, Vector256<float> left, Vector256<float> right) => Vector256.FusedMultiplyAdd(accumulator, left, right);

        public static Vector256<float> Combine(Vector256<float> left, Vector256<float> right) => left + right;
    }

    /// <summary>4 floats.</summary>
    internal readonly struct Bits128 : IMultiplyAddKernel<Vector128<float>>
    {
        public static bool IsSupported => true;

        public static int Width => Vector128<float>.Count;

        public static Vector128<float> Start(int seed) => Vector128.Create(0.5f + seed / 64f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Step(Vector128<float> accumulator, Vector128<float> left, Vector128<float> right) => Vector128.FusedMultiplyAdd(accumulator, left, right);

        public static Vector128<float> Combine(Vector128<float> left, Vector128<float> right) => left + right;
    }
}
