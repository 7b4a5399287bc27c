using Microsoft.ML.OnnxRuntime;
using Trm.Core;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>
/// A CUDA session with a captured graph for each of a few batch sizes: one launch in place of hundreds. A batch is
/// padded up to the next size; one larger than all of them runs uncaptured. Callers take turns, since a graph's
/// addresses are its own.
/// </summary>
internal sealed class CudaGraphSession : IOnnxSession
{
    // How ONNX Runtime is told to leave a run uncaptured.
    private const string Uncaptured = "-1";

    private readonly Lock turn = new();
    private readonly OrtSession uncaptured;
    private readonly OrtMemoryInfo pinned;
    private readonly OrtAllocator allocator;
    private readonly int[] sizes;
    private readonly CudaGraph[] graphs;

    /// <summary>Captures the graphs, so that the first prediction is as quick as the rest.</summary>
    public CudaGraphSession(InferenceSession session, int device, IReadOnlyList<int> batchSizes)
    {
        sizes = [.. batchSizes.Distinct().Order()];
        uncaptured = new OrtSession(session, OnnxProvider.Cuda, Uncaptured);
        pinned = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, device, OrtMemType.CpuOutput);
        allocator = new OrtAllocator(session, pinned);
        graphs = [.. sizes.Select((size, i) => new CudaGraph(session, allocator, device, size, id: i + 1))];
    }

    /// <inheritdoc/>
    public OnnxProvider Provider => OnnxProvider.Cuda;

    /// <summary>Which of some ascending sizes a batch is padded up to; -1 when it is larger than all.</summary>
    public static int IndexFor(ReadOnlySpan<int> sizes, int batch)
    {
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] >= batch) return i;
        }
        return -1;
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        lock (turn)
        {
            var index = IndexFor(sizes, halt.Length);
            if (index < 0)
            {
                uncaptured.Run(normalized, probabilities, halt);
                return;
            }
            try
            {
                graphs[index].Run(normalized, probabilities, halt);
            }
            catch (OnnxRuntimeException error)
            {
                throw new TrmException("onnx_failed", $"ONNX Runtime could not replay the graph of {sizes[index]} rows: {error.Message.ReplaceLineEndings(" ")}", error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var graph in graphs) graph.Dispose();
        allocator.Dispose();
        pinned.Dispose();
        uncaptured.Dispose();
    }
}
