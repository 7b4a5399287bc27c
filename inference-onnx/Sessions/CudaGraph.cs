using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>
/// One captured batch size. A graph replays on the addresses it was captured with, so its tensors stay: page-locked
/// host memory that is bound as the device's own. The device reads a row's 40 bytes over the bus and writes 36 back,
/// and there is no copy to call or to wait for.
/// </summary>
internal sealed class CudaGraph : IDisposable
{
    private readonly InferenceSession session;
    private readonly BatchTensors host;
    private readonly OrtMemoryInfo device;
    private readonly OrtValue[] views;
    private readonly OrtIoBinding binding;
    private readonly RunOptions run = new();

    /// <summary>Captures the graph.</summary>
    public CudaGraph(InferenceSession session, OrtAllocator pinned, int deviceId, int batch, int id)
    {
        this.session = session;
        host = new BatchTensors(batch, pinned);
        host.Normalized.Clear();
        device = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, deviceId, OrtMemType.Default);
        views = [View(host.Normalized, FeatureNames.Count), View(host.Probabilities, Strategy.Count), View(host.Halt, 1)];
        binding = session.CreateIoBinding();
        binding.BindInput(GraphNames.Normalized, views[0]);
        binding.BindOutput(GraphNames.Probabilities, views[1]);
        binding.BindOutput(GraphNames.Halt, views[2]);
        run.AddRunConfigEntry("gpu_graph_id", id.ToString(CultureInfo.InvariantCulture));
        session.RunWithBinding(run, binding);
    }

    /// <summary>Replays it for a batch of at most its size.</summary>
    public void Run(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        normalized.CopyTo(host.Normalized);
        host.Normalized[normalized.Length..].Clear();
        session.RunWithBinding(run, binding);
        host.Probabilities[..probabilities.Length].CopyTo(probabilities);
        host.Halt[..halt.Length].CopyTo(halt);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        binding.Dispose();
        run.Dispose();
        foreach (var view in views) view.Dispose();
        device.Dispose();
        host.Dispose();
    }

    // The memory is ONNX Runtime's and does not move; with one address space for both, its address is the device's too.
    private unsafe OrtValue View(ReadOnlySpan<float> memory, int columns) => OrtValue.CreateTensorValueWithData(
        device,
        TensorElementType.Float,
        [memory.Length / columns, columns],
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory)),
        memory.Length * sizeof(float));
}
