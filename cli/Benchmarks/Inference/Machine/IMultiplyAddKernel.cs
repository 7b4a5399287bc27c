namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>One multiply-add of a processor, on registers alone: what <see cref="PeakLoop"/> repeats.</summary>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IMultiplyAddKernel<TVector> where TVector : struct
{
    /// <summary>Whether this processor has it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Multiply-adds of one step.</summary>
    static abstract int Width { get; }

    /// <summary>What an accumulator or an operand starts from.</summary>
    static abstract TVector Start(int seed);

    /// <summary>The accumulator after one step; it depends on the one before, so that no step can be left out.</summary>
    static abstract TVector Step(TVector accumulator, TVector left, TVector right);

    /// <summary>Both, so that neither can be left out.</summary>
    static abstract TVector Combine(TVector left, TVector right);
}
