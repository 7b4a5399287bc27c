namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>The number format that weights are held and multiplied in.</summary>
internal enum WeightFormat
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>16-bit integers, products summed into 32 bits.</summary>
    Int16,

    /// <summary>8-bit integers. No engine of ours uses it, so its floors are not measured.</summary>
    Int8,
}
