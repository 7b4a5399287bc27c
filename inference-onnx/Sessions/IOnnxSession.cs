namespace Trm.Inference.Onnx.Sessions;

/// <summary>A loaded graph. Safe to call from many threads.</summary>
internal interface IOnnxSession : IDisposable
{
    /// <summary>Where it runs: CUDA or CPU.</summary>
    OnnxProvider Provider { get; }

    /// <summary>Runs a batch of at least one row; the lengths agree.</summary>
    void Run(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt);
}
