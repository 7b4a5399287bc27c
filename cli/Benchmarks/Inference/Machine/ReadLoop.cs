using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>
/// How fast one core reads a buffer of a size over and over: from whichever cache the buffer fits in, or from memory. No
/// kernel can do better than only read. Front to back and four streams side by side are both tried: which is faster
/// depends on the processor's prefetchers.
/// </summary>
internal sealed class ReadLoop
{
    private const int Streams = 4;
    private const int CacheLine = 64;
    private const int LoadsPerTurn = 4;

    // A small buffer is read several times, so that the clock's steps do not show.
    private const int LeastBytes = 4 << 20;

    private readonly byte[] buffer;
    private readonly int start;

    /// <summary>A buffer of at least <paramref name="bytes"/>, rounded up to whole turns.</summary>
    public ReadLoop(long bytes)
    {
        var turn = Streams * LoadsPerTurn * CacheLine;
        Bytes = (int)((bytes + turn - 1) / turn * turn);
        buffer = GC.AllocateArray<byte>(Bytes + CacheLine, pinned: true);
        // A page that was never written is the one zero page of the kernel, and reads from the first cache.
        buffer.AsSpan().Fill(1);
        start = (int)((CacheLine - Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0) % CacheLine) % CacheLine);
    }

    /// <summary>Bytes read in one pass.</summary>
    public int Bytes { get; }

    /// <summary>Bytes a second of one or more passes, the better way of the two.</summary>
    public double Measure<TVector, TKernel>()
        where TVector : struct
        where TKernel : struct, IReadKernel<TVector>
    {
        var run = (nuint)(LoadsPerTurn * TKernel.Bytes);
        var part = (nuint)(Bytes / Streams);
        return Math.Max(
            Measure<TVector, TKernel>((nuint)Bytes, Streams * run, run),
            Measure<TVector, TKernel>(part, run, part));
    }

    private double Measure<TVector, TKernel>(nuint end, nuint step, nuint apart)
        where TVector : struct
        where TKernel : struct, IReadKernel<TVector>
    {
        var passes = Math.Max(1, LeastBytes / Bytes);
        var before = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < passes; pass++) Run<TVector, TKernel>(ref buffer[start], end, step, apart);
        return (double)passes * Bytes / Stopwatch.GetElapsedTime(before).TotalSeconds;
    }

    // Four loads in a row at each of four places that lie `apart`.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector Run<TVector, TKernel>(ref byte source, nuint end, nuint step, nuint apart)
        where TVector : struct
        where TKernel : struct, IReadKernel<TVector>
    {
        var width = (nuint)TKernel.Bytes;
        TVector a = default, b = default, c = default, d = default;
        TVector e = default, f = default, g = default, h = default;
        for (nuint at = 0; at < end; at += step)
        {
            a = TKernel.Mix(a, TKernel.Load(ref source, at));
            b = TKernel.Mix(b, TKernel.Load(ref source, at + apart));
            c = TKernel.Mix(c, TKernel.Load(ref source, at + 2 * apart));
            d = TKernel.Mix(d, TKernel.Load(ref source, at + 3 * apart));
            e = TKernel.Mix(e, TKernel.Load(ref source, at + width));
            f = TKernel.Mix(f, TKernel.Load(ref source, at + apart + width));
            g = TKernel.Mix(g, TKernel.Load(ref source, at + 2 * apart + width));
            h = TKernel.Mix(h, TKernel.Load(ref source, at + 3 * apart + width));
            a = TKernel.Mix(a, TKernel.Load(ref source, at + 2 * width));
            b = TKernel.Mix(b, TKernel.Load(ref source, at + apart + 2 * width));
            c = TKernel.Mix(c, TKernel.Load(ref source, at + 2 * apart + 2 * width));
            d = TKernel.Mix(d, TKernel.Load(ref source, at + 3 * apart + 2 * width));
            e = TKernel.Mix(e, TKernel.Load(ref source, at + 3 * width));
            f = TKernel.Mix(f, TKernel.Load(ref source, at + apart + 3 * width));
            g = TKernel.Mix(g, TKernel.Load(ref source, at + 2 * apart + 3 * width));
            h = TKernel.Mix(h, TKernel.Load(ref source, at + 3 * apart + 3 * width));
        }
        a = TKernel.Mix(TKernel.Mix(a, b), TKernel.Mix(c, d));
        return TKernel.Mix(a, TKernel.Mix(TKernel.Mix(e, f), TKernel.Mix(g, h)));
    }
}
