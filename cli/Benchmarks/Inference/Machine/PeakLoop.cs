using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>
/// The most multiply-adds a second that one core does. Twelve independent chains cover the latency of any multiply-add
/// at two a cycle (five cycles, six with a separate addition), and fit with two operands into sixteen registers.
/// </summary>
internal static class PeakLoop
{
    private const int Chains = 12;
    private const int Iterations = 50_000;

    /// <summary>Multiply-adds a second in one run of about half a millisecond.</summary>
    public static double Measure<TVector, TKernel>()
        where TVector : struct
        where TKernel : struct, IMultiplyAddKernel<TVector>
    {
        var start = Stopwatch.GetTimestamp();
        Run<TVector, TKernel>(Iterations);
        return (double)Chains * Iterations * TKernel.Width / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Optimised at its first call: a loop in the first compilation tier would measure the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector Run<TVector, TKernel>(int iterations)
        where TVector : struct
        where TKernel : struct, IMultiplyAddKernel<TVector>
    {
        var left = TKernel.Start(13);
        var right = TKernel.Start(14);
        TVector a0 = TKernel.Start(0), a1 = TKernel.Start(1), a2 = TKernel.Start(2), a3 = TKernel.Start(3);
        TVector a4 = TKernel.Start(4), a5 = TKernel.Start(5), a6 = TKernel.Start(6), a7 = TKernel.Start(7);
        TVector a8 = TKernel.Start(8), a9 = TKernel.Start(9), a10 = TKernel.Start(10), a11 = TKernel.Start(11);
        for (var i = 0; i < iterations; i++)
        {
            a0 = TKernel.Step(a0, left, right);
            a1 = TKernel.Step(a1, left, right);
            a2 = TKernel.Step(a2, left, right);
            a3 = TKernel.Step(a3, left, right);
            a4 = TKernel.Step(a4, left, right);
            a5 = TKernel.Step(a5, left, right);
            a6 = TKernel.Step(a6, left, right);
            a7 = TKernel.Step(a7, left, right);
            a8 = TKernel.Step(a8, left, right);
            a9 = TKernel.Step(a9, left, right);
            a10 = TKernel.Step(a10, left, right);
            a11 = TKernel.Step(a11, left, right);
        }
        a0 = TKernel.Combine(TKernel.Combine(a0, a1), TKernel.Combine(a2, a3));
        a4 = TKernel.Combine(TKernel.Combine(a4, a5), TKernel.Combine(a6, a7));
        a8 = TKernel.Combine(TKernel.Combine(a8, a9), TKernel.Combine(a10, a11));
        return TKernel.Combine(TKernel.Combine(a0, a4), a8);
    }
}
