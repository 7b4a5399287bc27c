using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Batching;

/// <summary>
/// What one caller asked for, from the queue to the answer it awaits. One of a single row goes back to its owner when its
/// answer is read, and is used again. Answers wake their callers on the thread pool, never on an engine's thread.
/// </summary>
internal sealed class BatchRequest : IValueTaskSource<ModelOutput>, IValueTaskSource<IReadOnlyList<ModelOutput>>
{
    private readonly BatchScheduler owner;
    private readonly float[] probabilities;
    private readonly float[] halt;
    private ManualResetValueTaskSourceCore<bool> answer = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private CancellationToken cancellation;
    private int unanswered;
    private int isComplete;

    public BatchRequest(BatchScheduler owner, int rows)
    {
        this.owner = owner;
        Rows = rows;
        unanswered = rows;
        Normalized = new float[rows * FeatureNames.Count];
        probabilities = new float[rows * Strategy.Count];
        halt = new float[rows];
    }

    public int Rows { get; }

    /// <summary>rows × 10 z-scores.</summary>
    public float[] Normalized { get; }

    /// <summary>When it came, a timestamp of the owner's clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The span of who asks; null when nobody records it.</summary>
    public ActivityContext? Caller { get; set; }

    // The queue's, under the owner's lock.
    public BatchRequest? Previous { get; set; }
    public BatchRequest? Next { get; set; }
    public bool IsQueued { get; set; }
    public int Taken { get; set; }

    public ValueTask<ModelOutput> One => new(this, answer.Version);

    public ValueTask<IReadOnlyList<ModelOutput>> Many => new(this, answer.Version);

    /// <summary>Lets a token take it out of the queue. Called once, by the caller, before it awaits.</summary>
    public void CancelBy(CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        cancellation = token;
        registration = token.UnsafeRegister(static state => ((BatchRequest)state!).Cancel(), this);
    }

    /// <summary>Takes the answers to a slice.</summary>
    public void Answer(BatchSlice slice, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> halt)
    {
        probabilities.CopyTo(this.probabilities.AsSpan(slice.First * Strategy.Count));
        halt.CopyTo(this.halt.AsSpan(slice.First));
        if (Interlocked.Add(ref unanswered, -slice.Count) == 0 && TryComplete()) answer.SetResult(true);
    }

    /// <summary>Ends it without an answer.</summary>
    public void Fail(Exception error)
    {
        if (TryComplete()) answer.SetException(error);
    }

    ModelOutput IValueTaskSource<ModelOutput>.GetResult(short token)
    {
        CheckReadable(token);
        try
        {
            answer.GetResult(token);
            return Output(0);
        }
        finally
        {
            Release();
            Reset();
            owner.Recycle(this);
        }
    }

    IReadOnlyList<ModelOutput> IValueTaskSource<IReadOnlyList<ModelOutput>>.GetResult(short token)
    {
        CheckReadable(token);
        Release();
        answer.GetResult(token);
        var outputs = new ModelOutput[Rows];
        for (var row = 0; row < outputs.Length; row++) outputs[row] = Output(row);
        return outputs;
    }

    ValueTaskSourceStatus IValueTaskSource<ModelOutput>.GetStatus(short token) => answer.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<IReadOnlyList<ModelOutput>>.GetStatus(short token) => answer.GetStatus(token);

    void IValueTaskSource<ModelOutput>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        answer.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<IReadOnlyList<ModelOutput>>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        answer.OnCompleted(continuation, state, token, flags);

    // On the caller's thread, which has the time; a row that is not finite is its caller's error alone.
    private ModelOutput Output(int row) => ModelOutputs.Create(
        owner.Model,
        Normalized.AsSpan(row * FeatureNames.Count, FeatureNames.Count),
        probabilities.AsSpan(row * Strategy.Count, Strategy.Count),
        halt[row]);

    private void Cancel()
    {
        if (!owner.TryTakeOut(this)) return;
        BatchSpans.AddQueue(Caller, owner.Since(QueuedAt));
        Fail(new OperationCanceledException(cancellation));
    }

    private bool TryComplete() => Interlocked.Exchange(ref isComplete, 1) == 0;

    // A value task is read once. Read again, or too early, it must not give back a request that is another's by now.
    private void CheckReadable(short token)
    {
        if (answer.GetStatus(token) == ValueTaskSourceStatus.Pending) throw new InvalidOperationException("the prediction is not there yet; await it");
    }

    // Waits for a callback that runs just now; after it, no token reaches this request.
    private void Release()
    {
        registration.Dispose();
        (registration, cancellation) = (default, default);
    }

    private void Reset()
    {
        answer.Reset();
        (unanswered, isComplete, Taken, Caller) = (Rows, 0, 0, null);
    }
}
