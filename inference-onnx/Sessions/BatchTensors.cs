using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>A caller's input and outputs for one batch size, in ONNX Runtime's own memory: a run allocates none.</summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly OrtValue normalized;
    private readonly OrtValue probabilities;
    private readonly OrtValue halt;

    /// <summary>Allocates them.</summary>
    /// <param name="batch">Rows, at least 1.</param>
    /// <param name="allocator">Where; the processor can read and write what it gives.</param>
    public BatchTensors(int batch, OrtAllocator allocator)
    {
        Batch = batch;
        normalized = Allocate(allocator, batch, FeatureNames.Count);
        probabilities = Allocate(allocator, batch, Strategy.Count);
        halt = Allocate(allocator, batch, 1);
        Inputs = [normalized];
        Outputs = [probabilities, halt];
    }

    /// <summary>Rows.</summary>
    public int Batch { get; }

    /// <summary>In the order of <see cref="GraphNames.Inputs"/>.</summary>
    public OrtValue[] Inputs { get; }

    /// <summary>In the order of <see cref="GraphNames.Outputs"/>.</summary>
    public OrtValue[] Outputs { get; }

    /// <summary>batch × 10.</summary>
    public Span<float> Normalized => normalized.GetTensorMutableDataAsSpan<float>();

    /// <summary>batch × 8.</summary>
    public ReadOnlySpan<float> Probabilities => probabilities.GetTensorDataAsSpan<float>();

    /// <summary>batch.</summary>
    public ReadOnlySpan<float> Halt => halt.GetTensorDataAsSpan<float>();

    /// <inheritdoc/>
    public void Dispose()
    {
        normalized.Dispose();
        probabilities.Dispose();
        halt.Dispose();
    }

    private static OrtValue Allocate(OrtAllocator allocator, int rows, int columns) =>
        OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, [rows, columns]);
}
