using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>
/// Hints to the memory system; they change no result, and are nothing where .NET has no such instruction. An address is never
/// read through, so one past the end of a buffer does no harm.
/// </summary>
internal static class CacheHint
{
    /// <summary>Bytes of a cache line.</summary>
    public const int Line = 64;

    /// <summary>Brings floats that are needed in a moment into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchSoon(ref float source, int length)
    {
        if (!Sse.IsSupported) return;
        for (var i = 0; i < length; i += Line / sizeof(float)) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref source, i)));
    }

    /// <summary>Brings the line of a byte into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchLater(ref byte source, int offset)
    {
        if (Sse.IsSupported) Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref source, offset)));
    }
}
