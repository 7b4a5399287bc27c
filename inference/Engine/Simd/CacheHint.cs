using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>Hints to the memory system; they change no result.</summary>
internal static class CacheHint
{
    private const int Line = 64 / sizeof(float);

    /// <summary>Starts to bring a few floats near; nothing where .NET has no such instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref float source, int length)
    {
        if (!Sse.IsSupported) return;
        // The address is a hint and is never read through.
        for (var i = 0; i < length; i += Line) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref source, i)));
    }
}
