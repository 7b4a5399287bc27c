namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>The widest load of a processor: what <see cref="ReadLoop"/> repeats.</summary>
/// <typeparam name="TVector">The register.</typeparam>
internal interface IReadKernel<TVector> where TVector : struct
{
    /// <summary>Bytes of one load.</summary>
    static abstract int Bytes { get; }

    /// <summary>Loads from an offset in bytes.</summary>
    static abstract TVector Load(ref byte source, nuint offset);

    /// <summary>The cheapest use of a load.</summary>
    static abstract TVector Mix(TVector accumulator, TVector loaded);
}
