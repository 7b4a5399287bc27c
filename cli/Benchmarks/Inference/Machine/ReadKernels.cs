using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>Loads of the register widths.</summary>
internal static class ReadKernels
{
    /// <summary>64 bytes.</summary>
    internal readonly struct Bits512 : IReadKernel<Vector512<byte>>
    {
        public static int Bytes => Vector512<byte>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Load(ref byte source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Mix(Vector512<byte> accumulator, Vector512<byte> loaded) => accumulator ^ loaded;
    }

    /// <summary>32 bytes.</summary>
    internal readonly struct Bits256 : IReadKernel<Vector256<byte>>
    {
        public static int Bytes => Vector256<byte>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Load(ref byte source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Mix(Vector256<byte> accumulator, Vector256<byte> loaded) => accumulator ^ loaded;
    }

    /// <summary>16 bytes.</summary>
    internal readonly struct Bits128 : IReadKernel<Vector128<byte>>
    {
        public static int Bytes => Vector128<byte>.Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Load(ref byte source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Mix(Vector128<byte> accumulator, Vector128<byte> loaded) => accumulator ^ loaded;
    }
}
