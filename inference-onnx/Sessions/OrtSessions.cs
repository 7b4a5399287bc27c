using Microsoft.ML.OnnxRuntime;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>Opens ONNX Runtime sessions.</summary>
internal static class OrtSessions
{
    private static readonly Lock Once = new();

    /// <summary>Loads a graph.</summary>
    /// <exception cref="OnnxRuntimeException">The provider cannot be had.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's library is not there.</exception>
    public static IOnnxSession Open(byte[] graph, OnnxProvider provider, OnnxEngineOptions options)
    {
        QuietEnvironment();
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads ?? PhysicalCores.Count(),
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        if (provider == OnnxProvider.Cpu) return new OrtSession(new InferenceSession(graph, settings), OnnxProvider.Cpu);

        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(CudaSettings(options));
        settings.AppendExecutionProvider_CUDA(cuda);
        var session = new InferenceSession(graph, settings);
        if (options.CudaGraphBatchSizes.Count == 0) return new OrtSession(session, OnnxProvider.Cuda);
        try
        {
            return new CudaGraphSession(session, options.Device, options.CudaGraphBatchSizes);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>What the CUDA provider is told.</summary>
    internal static Dictionary<string, string> CudaSettings(OnnxEngineOptions options) => new()
    {
        ["device_id"] = options.Device.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["use_tf32"] = options.UseTf32 ? "1" : "0",
        ["enable_cuda_graph"] = options.CudaGraphBatchSizes.Count != 0 ? "1" : "0",
    };

    // Its own log goes to stderr past every logger; what matters of it comes as an exception too.
    private static void QuietEnvironment()
    {
        lock (Once)
        {
            if (OrtEnv.IsCreated) return;
            var options = new EnvironmentCreationOptions { logId = "trm", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }
    }
}
