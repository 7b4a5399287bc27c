using Microsoft.ML.OnnxRuntime;
using Trm.Core;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>A session that any number of callers run at once, each on tensors that it has for itself meanwhile.</summary>
internal sealed class OrtSession : IOnnxSession
{
    private readonly BatchTensorsPool pool = new();
    private readonly RunOptions run = new();
    private readonly InferenceSession session;

    /// <summary>Takes the session; it is disposed with this one.</summary>
    /// <param name="session">A loaded graph.</param>
    /// <param name="provider">Where it runs.</param>
    /// <param name="graphId">Of the CUDA graph that runs are captured as, where that is on.</param>
    public OrtSession(InferenceSession session, OnnxProvider provider, string? graphId = null)
    {
        this.session = session;
        Provider = provider;
        if (graphId is not null) run.AddRunConfigEntry("gpu_graph_id", graphId);
    }

    /// <inheritdoc/>
    public OnnxProvider Provider { get; }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        var tensors = pool.Rent(halt.Length);
        try
        {
            normalized.CopyTo(tensors.Normalized);
            session.Run(run, GraphNames.Inputs, tensors.Inputs, GraphNames.Outputs, tensors.Outputs);
            tensors.Probabilities.CopyTo(probabilities);
            tensors.Halt.CopyTo(halt);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TrmException("onnx_failed", $"ONNX Runtime could not run a batch of {halt.Length}: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        finally
        {
            pool.Return(tensors);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pool.Dispose();
        run.Dispose();
        session.Dispose();
    }
}
