using Trm.Inference.Onnx.Sessions;

namespace Trm.Inference.Onnx.Tests;

/// <summary>A session without ONNX Runtime; one on hold runs until it is released.</summary>
internal sealed class FakeSession(OnnxProvider provider) : IOnnxSession
{
    private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim released = new();

    public OnnxProvider Provider => provider;

    public bool Hold { get; init; }

    public bool Disposed { get; private set; }

    public Task Running => running.Task;

    public void Release() => released.Set();

    public void Run(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        running.TrySetResult();
        if (Hold) released.Wait();
        ObjectDisposedException.ThrowIf(Disposed, this);
    }

    public void Dispose() => Disposed = true;
}
