using Trm.Inference.Batching;
using Trm.Inference.Engine;

namespace Trm.Inference.Lifecycle;

/// <summary>Which model a process runs, and how.</summary>
public sealed record PredictorSettings
{
    /// <summary>Model package or checkpoint (.pt, .safetensors, .onnx).</summary>
    public required string ModelPath { get; init; }

    /// <summary>What a bare checkpoint does not say of itself.</summary>
    public ModelLoadOptions Load { get; init; } = new();

    /// <summary>How the managed engine multiplies.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Threads that share each prediction.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How callers share the engines.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>Whether a reloaded package must agree with its golden cases before it is used.</summary>
    public bool VerifyOnReload { get; init; } = true;

    /// <summary>Engines on devices beside the managed one, made anew for each model; null when there are none.</summary>
    public Func<TrmModel, IEnumerable<BatchEngine>>? Devices { get; init; }
}
