using Trm.Core;
using Trm.Inference.Export;

namespace Trm.Inference.Onnx;

/// <summary>How the ONNX Runtime engine runs.</summary>
public sealed record OnnxEngineOptions
{
    private const int MostThreads = 256;
    private const int LargestGraphBatch = 65_536;

    /// <summary>CUDA or CPU.</summary>
    public OnnxProvider Provider { get; init; } = OnnxProvider.Auto;

    /// <summary>
    /// Threads that share one prediction on the CPU, its caller's included, 1 to 256. Null is one for each physical
    /// core, at most 8: a model of two million parameters has no work for more.
    /// </summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>
    /// Whether idle threads spin for their next piece of work: a little faster, and a core burnt between two
    /// predictions that come once a minute.
    /// </summary>
    public bool AllowSpinning { get; init; }

    /// <summary>The CUDA device, from 0 on.</summary>
    public int Device { get; init; }

    /// <summary>
    /// Batch sizes that run as CUDA graphs, each 1 to 65,536: a batch is padded up to the next of them, a larger one
    /// runs without. Empty captures none. With graphs, callers take turns.
    /// </summary>
    public IReadOnlyList<int> CudaGraphBatchSizes { get; init; } = [];

    /// <summary>Whether CUDA may multiply in TF32: faster, and off by about 1e-3 in place of 1e-6.</summary>
    public bool UseTf32 { get; init; }

    /// <summary>How the graph is written; the hoisted form is the faster one.</summary>
    public OnnxForm Form { get; init; } = OnnxForm.Hoisted;

    /// <summary>How the graph multiplies.</summary>
    public OnnxPrecision Precision { get; init; } = OnnxPrecision.Fp32;

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="TrmException"><c>onnx_options</c>: names the option, its value and its limits.</exception>
    internal void Check()
    {
        if (IntraOpThreads is < 1 or > MostThreads) throw Bad(nameof(IntraOpThreads), IntraOpThreads.Value, $"1 to {MostThreads}");
        if (Device < 0) throw Bad(nameof(Device), Device, "0 or more");
        foreach (var size in CudaGraphBatchSizes)
        {
            if (size is < 1 or > LargestGraphBatch) throw Bad(nameof(CudaGraphBatchSizes), size, $"1 to {LargestGraphBatch}");
        }
    }

    private static TrmException Bad(string option, int value, string limits) => new("onnx_options", $"{option} is {value}; it must be {limits}");
}
