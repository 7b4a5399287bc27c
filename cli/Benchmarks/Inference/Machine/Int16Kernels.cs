using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>
/// Products of 16-bit integers summed into 32 bits. The accumulator is a factor too: with two constant factors a compiler
/// may multiply once and only add. It wraps around, which costs what any other value does.
/// </summary>
internal static class Int16Kernels
{
    /// <summary><c>vpmaddwd</c> and <c>vpaddd</c> on 512 bits.</summary>
    internal readonly struct Avx512 : IMultiplyAddKernel<Vector512<int>>
    {
        public static bool IsSupported => Avx512BW.IsSupported;

        public static int Width => Vector512<short>.Count;

        public static Vector512<int> Start(int seed) => Vector512.Create(0x00010003 * (seed + 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<int> Step(Vector512<int> accumulator, Vector512<int> left, Vector512<int> right) =>
            accumulator + Avx512BW.MultiplyAddAdjacent(accumulator.AsInt16(), left.AsInt16());

        public static Vector512<int> Combine(Vector512<int> left, Vector512<int> right) => left ^ right;
    }

    /// <summary><c>vpdpwssd</c> on 256 bits.</summary>
    internal readonly struct Vnni256 : IMultiplyAddKernel<Vector256<int>>
    {
        public static bool IsSupported => AvxVnni.IsSupported;

        public static int Width => Vector256<short>.Count;

        public static Vector256<int> Start(int seed) => Vector256.Create(0x00010003 * (seed + 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Step(Vector256<int> accumulator, Vector256<int> left, Vector256<int> right) =>
            AvxVnni.MultiplyWideningAndAdd(accumulator, accumulator.AsInt16(), left.AsInt16());

        public static Vector256<int> Combine(Vector256<int> left, Vector256<int> right) => left ^ right;
    }

    /// <summary><c>vpmaddwd</c> and <c>vpaddd</c> on 256 bits.</summary>
    internal readonly struct Avx2Adjacent : IMultiplyAddKernel<Vector256<int>>
    {
        public static bool IsSupported => Avx2.IsSupported;

        public static int Width => Vector256<short>.Count;

        public static Vector256<int> Start(int seed) => Vector256.Create(0x00010003 * (seed + 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Step(Vector256<int> accumulator, Vector256<int> left, Vector256<int> right) =>
            accumulator + Avx2.MultiplyAddAdjacent(accumulator.AsInt16(), left.AsInt16());

        public static Vector256<int> Combine(Vector256<int> left, Vector256<int> right) => left ^ right;
    }

    /// <summary><c>smlal</c> and <c>smlal2</c>.</summary>
    internal readonly struct Neon : IMultiplyAddKernel<Vector128<int>>
    {
        public static bool IsSupported => AdvSimd.IsSupported;

        public static int Width => Vector128<short>.Count;

        public static Vector128<int> Start(int seed) => Vector128.Create(0x00010003 * (seed + 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<int> Step(Vector128<int> accumulator, Vector128<int> left, Vector128<int> right) =>
            AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningLowerAndAdd(accumulator, accumulator.AsInt16().GetLower(), left.AsInt16().GetLower()), accumulator.AsInt16(), left.AsInt16());

        public static Vector128<int> Combine(Vector128<int> left, Vector128<int> right) => left ^ right;
    }

    /// <summary>Widened, multiplied and added: what is left where nothing above is.</summary>
    internal readonly struct Portable : IMultiplyAddKernel<Vector128<int>>
    {
        public static bool IsSupported => true;

        public static int Width => Vector128<short>.Count;

        public static Vector128<int> Start(int seed) => Vector128.Create(0x00010003 * (seed + 1));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<int> Step(Vector128<int> accumulator, Vector128<int> left, Vector128<int> right) =>
            accumulator + Vector128.WidenLower(accumulator.AsInt16()) * Vector128.WidenLower(left.AsInt16()) + Vector128.WidenUpper(accumulator.AsInt16()) * Vector128.WidenUpper(left.AsInt16());

        public static Vector128<int> Combine(Vector128<int> left, Vector128<int> right) => left ^ right;
    }
}
