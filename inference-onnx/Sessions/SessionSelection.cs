using Microsoft.ML.OnnxRuntime;
using Trm.Core;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>Takes CUDA when it works, else the CPU and says why; knows nothing of how a session is opened.</summary>
internal static class SessionSelection
{
    private const string OrtMark = "[ONNXRuntimeError] : ";

    /// <summary>Opens a session on the best provider that the caller wants and the machine has.</summary>
    /// <param name="asked">What the caller wants.</param>
    /// <param name="open">Opens one on CUDA or on the CPU, or throws.</param>
    /// <param name="warn">Told once when it is not CUDA although it could have been.</param>
    /// <exception cref="TrmException"><c>onnx_unavailable</c>: not even the CPU works.</exception>
    public static IOnnxSession Open(OnnxProvider asked, Func<OnnxProvider, IOnnxSession> open, Action<string> warn)
    {
        if (asked == OnnxProvider.Cpu) return OpenCpu(open);
        string reason;
        try
        {
            return open(OnnxProvider.Cuda);
        }
        catch (Exception error) when (IsMissing(error))
        {
            reason = Reason(error);
        }
        // Told only now: where the CPU does not work either, the error is the whole story.
        var session = OpenCpu(open);
        warn($"ONNX Runtime runs on the CPU: CUDA is not available: {reason}; ask for the CPU where there is none, and nothing is looked for");
        return session;
    }

    private static IOnnxSession OpenCpu(Func<OnnxProvider, IOnnxSession> open)
    {
        try
        {
            return open(OnnxProvider.Cpu);
        }
        catch (Exception error) when (IsMissing(error))
        {
            throw new TrmException(
                "onnx_unavailable",
                $"ONNX Runtime does not work here: {Reason(error)}; install the Microsoft.ML.OnnxRuntime package for this platform, or use the managed engine",
                error);
        }
    }

    /// <summary>A library, a function of it, a driver or a device that is not there or too old, and not a mistake of ours.</summary>
    private static bool IsMissing(Exception error) => error
        is OnnxRuntimeException
        or DllNotFoundException
        or EntryPointNotFoundException
        or BadImageFormatException
        or PlatformNotSupportedException
        or NotSupportedException
        || (error is TypeInitializationException { InnerException: { } inner } && IsMissing(inner));

    // The innermost one names the library; of its first line the end does, behind where in its sources ONNX Runtime was.
    private static string Reason(Exception error)
    {
        while (error is TypeInitializationException { InnerException: { } inner }) error = inner;
        var line = error.Message.Split('\n', 2)[0].Trim();
        var start = line.LastIndexOf(OrtMark, StringComparison.Ordinal);
        return start < 0 ? line : line[(start + OrtMark.Length)..];
    }
}
