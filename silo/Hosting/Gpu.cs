using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Inference;
using Trm.Inference.Batching;
using Trm.Inference.Onnx;

namespace Trm.Silo.Hosting;

/// <summary>The GPU of this machine beside the processor, when there is one: each batch goes where it ends first.</summary>
internal static class Gpu
{
    /// <summary>Its engine; nothing when there is no device, or it cannot be used, which is said once.</summary>
    public static IEnumerable<BatchEngine> Engines(TrmModel model, ILogger logger)
    {
        if (!HasDevice()) return [];
        try
        {
            var engine = OnnxEngine.Create(model, new OnnxEngineOptions { Provider = OnnxProvider.Cuda }, reason => Log.NoGpu(logger, reason));
            if (engine.Provider == OnnxProvider.Cuda) return [new BatchEngine(engine, Workers: 1, "a CUDA device is there")];
            engine.Dispose(); // On the processor our own engine is the faster one.
        }
        catch (TrmException error)
        {
            Log.NoGpu(logger, error.Message);
        }
        return [];
    }

    private static bool HasDevice() => OperatingSystem.IsLinux() ? File.Exists("/dev/nvidia0") : OperatingSystem.IsWindows();
}
