using System.Runtime.InteropServices;

namespace Trm.Inference.Engine;

/// <summary>
/// Zeroed floats that start on a cache line and never move: a 32-byte load that straddles two lines costs twice, and
/// the kernels do little else than load.
/// </summary>
internal sealed class AlignedBuffer
{
    private const int CacheLine = 64;

    private readonly float[] array;
    private readonly int start;
    private readonly int length;

    public AlignedBuffer(int length)
    {
        this.length = length;
        array = GC.AllocateArray<float>(length + CacheLine / sizeof(float), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        start = (int)((CacheLine - address % CacheLine) % CacheLine) / sizeof(float);
    }

    public Span<float> Span => array.AsSpan(start, length);
}
