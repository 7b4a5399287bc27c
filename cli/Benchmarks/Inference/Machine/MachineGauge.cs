using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Trm.Inference.Engine;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>Measures the floors a little in every round, beside what is held against them; the best of all counts.</summary>
internal sealed class MachineGauge
{
    // Enough to read each buffer from where it stays, and a few milliseconds in all.
    private const int Tries = 4;

    private const double Fp32Bytes = sizeof(float);

    private static readonly double Int16Bytes = Int16Vnni.IsSupported ? Int16VnniMatrix.WeightBytes : sizeof(short);

    private readonly ReadLoop fp32Weights;
    private readonly ReadLoop int16Weights;
    private double fp32Peak;
    private double int16Peak;
    private double fp32Reading;
    private double int16Reading;

    public MachineGauge(ModelWork work)
    {
        fp32Weights = Weights(Fp32Bytes);
        int16Weights = Weights(Int16Bytes);

        ReadLoop Weights(double bytes) => new((int)(work.StepWeights * bytes));
    }

    /// <summary>Measures once more.</summary>
    public void Measure()
    {
        for (var i = 0; i < Tries; i++)
        {
            fp32Peak = Math.Max(fp32Peak, Fp32Peak());
            int16Peak = Math.Max(int16Peak, Int16Peak());
        }
        for (var i = 0; i < Tries; i++) fp32Reading = Math.Max(fp32Reading, Reading(fp32Weights));
        for (var i = 0; i < Tries; i++) int16Reading = Math.Max(int16Reading, Reading(int16Weights));
    }

    /// <summary>The best so far; null for a format that is not measured.</summary>
    public FormatFloor? Floor(WeightFormat format) => format switch
    {
        WeightFormat.Fp32 => new FormatFloor(format, Fp32Bytes, fp32Peak, fp32Reading),
        WeightFormat.Int16 => new FormatFloor(format, Int16Bytes, int16Peak, int16Reading),
        _ => null,
    };

    private static double Fp32Peak() => Best(
        Peak<Vector512<float>, Fp32Kernels.Bits512>(),
        Peak<Vector256<float>, Fp32Kernels.Bits256>(),
        Peak<Vector128<float>, Fp32Kernels.Bits128>());

    private static double Int16Peak() => Best(
        Vnni512Peak(),
        Peak<Vector512<int>, Int16Kernels.Avx512>(),
        Peak<Vector256<int>, Int16Kernels.Vnni256>(),
        Peak<Vector256<int>, Int16Kernels.Avx2Adjacent>(),
        Peak<Vector128<int>, Int16Kernels.Neon>(),
        Peak<Vector128<int>, Int16Kernels.Portable>());

    // Of the instruction that only native code has, as PeakLoop measures the others.
    private static double Vnni512Peak()
    {
        if (!Int16Vnni.IsSupported) return 0;
        const int Times = 40_000;
        var start = Stopwatch.GetTimestamp();
        Int16Vnni.Repeat(Times);
        return 16.0 * Times * Vector512<short>.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Peak<TVector, TKernel>()
        where TVector : struct
        where TKernel : struct, IMultiplyAddKernel<TVector> =>
        TKernel.IsSupported ? PeakLoop.Measure<TVector, TKernel>() : 0;

    private static double Reading(ReadLoop weights) =>
        Avx512F.IsSupported ? weights.Measure<Vector512<byte>, ReadKernels.Bits512>()
        : Avx2.IsSupported ? weights.Measure<Vector256<byte>, ReadKernels.Bits256>()
        : weights.Measure<Vector128<byte>, ReadKernels.Bits128>();

    private static double Best(params ReadOnlySpan<double> rates)
    {
        var best = 0.0;
        foreach (var rate in rates) best = Math.Max(best, rate);
        return best;
    }
}
