using Microsoft.ML.OnnxRuntime;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;
using Trm.Inference.Export;
using Trm.Inference.Onnx.Sessions;

namespace Trm.Inference.Onnx;

/// <summary>
/// Runs a model on ONNX Runtime: one session for all callers, each with tensors of its own that are kept for the next
/// call. Within 2e-6 of the reference in fp32 on the CPU; a row may differ in its last bits with the batch it is in.
/// </summary>
public sealed class OnnxEngine : IInferenceEngine
{
    private readonly IOnnxSession session;

    // Its owner and the calls in flight; the last to go frees the session. Native memory freed under a running call
    // would take the process with it, and a model is replaced while calls run.
    private int users = 1;
    private int disposed;

    internal OnnxEngine(IOnnxSession session, OnnxPrecision precision)
    {
        this.session = session;
        Name = $"onnxruntime {(session.Provider == OnnxProvider.Cuda ? "cuda" : "cpu")} {(precision == OnnxPrecision.Int8 ? "int8" : "fp32")}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Where it runs: <see cref="OnnxProvider.Cuda"/> or <see cref="OnnxProvider.Cpu"/>.</summary>
    public OnnxProvider Provider => session.Provider;

    /// <summary>ONNX Runtime's own version, for logs and measurements: <c>1.31.0</c>.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>Exports a model and loads it, on the device if there is one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="warn">
    /// Told in one line, at most once, why CUDA was asked for and the CPU was taken; for the caller's log.
    /// </param>
    /// <exception cref="TrmException">
    /// <c>onnx_unavailable</c>: ONNX Runtime's own library cannot be loaded; <c>onnx_options</c>: an option is out of
    /// range; <c>model_export</c>: the model is too large for a graph.
    /// </exception>
    public static OnnxEngine Create(TrmModel model, OnnxEngineOptions? options = null, Action<string>? warn = null)
    {
        options ??= new OnnxEngineOptions();
        options.Check();
        var graph = OnnxExport.Write(model, options.Form, options.Precision);
        var session = SessionSelection.Open(options.Provider, provider => OrtSessions.Open(graph, provider, options), warn ?? (_ => { }));
        return new OnnxEngine(session, options.Precision);
    }

    /// <inheritdoc/>
    /// <exception cref="TrmException"><c>onnx_failed</c>: ONNX Runtime could not run the batch, for example for want of memory.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before the call.</exception>
    public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        var batch = halt.Length;
        if (normalized.Length != batch * FeatureNames.Count || probabilities.Length != batch * Strategy.Count)
        {
            throw new ArgumentException(
                $"{normalized.Length} features, {probabilities.Length} probabilities and {batch} halt probabilities are not one batch of {FeatureNames.Count}, {Strategy.Count} and 1 each");
        }
        if (batch == 0) return;
        Enter();
        try
        {
            session.Run(normalized, probabilities, halt);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Takes no more calls; those in flight end well, and the last frees the session.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) Leave();
    }

    private void Enter()
    {
        int count;
        do
        {
            count = Volatile.Read(ref users);
            ObjectDisposedException.ThrowIf(count == 0 || Volatile.Read(ref disposed) != 0, this);
        }
        while (Interlocked.CompareExchange(ref users, count + 1, count) != count);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0) session.Dispose();
    }
}
