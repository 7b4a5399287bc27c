using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trm.Inference.Engine;

/// <summary>
/// Zeroed numbers that start on a cache line and never move: a load that straddles two lines costs twice, and the kernels
/// do little else than load.
/// </summary>
internal sealed class AlignedBuffer<T>
    where T : unmanaged
{
    private const int CacheLine = 64;

    private readonly T[] array;
    private readonly int start;
    private readonly int length;

    public AlignedBuffer(int length)
    {
        this.length = length;
        array = GC.AllocateArray<T>(length + CacheLine / Unsafe.SizeOf<T>(), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        start = (int)((CacheLine - address % CacheLine) % CacheLine) / Unsafe.SizeOf<T>();
    }

    public Span<T> Span => array.AsSpan(start, length);
}
