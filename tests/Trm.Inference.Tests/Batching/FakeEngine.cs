using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests.Batching;

/// <summary>
/// Answers each row with its own first feature, so that a test sees whose answer it got; and waits where a test wants to look.
/// </summary>
internal sealed class FakeEngine : IInferenceEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim entered = new(0);
    private readonly List<int> batches = [];
    private readonly TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource? held;

    public string Name { get; init; } = "fake";

    /// <summary>Called with the rows of each batch before it is answered: throws, or lets a clock go on.</summary>
    public Action<float[]>? Before { get; set; }

    /// <summary>The answer to a row's first feature.</summary>
    public Func<float, float> Answer { get; init; } = first => first;

    /// <summary>The second probability of every row.</summary>
    public float Stamp { get; init; }

    /// <summary>The sizes of the batches that came, in order.</summary>
    public IReadOnlyList<int> Batches
    {
        get { lock (batches) return [.. batches]; }
    }

    public Task Disposed => disposed.Task.WaitAsync(Patience);

    public bool IsDisposed => disposed.Task.IsCompleted;

    /// <summary>From now on batches wait in the engine until <see cref="Release"/>.</summary>
    public void Hold() => held = new TaskCompletionSource();

    /// <summary>Lets the batches go that are in the engine, and those that come.</summary>
    public void Release() => Interlocked.Exchange(ref held, null)!.SetResult();

    /// <summary>Lets the batches go that are in the engine, and holds those that come.</summary>
    public void ReleaseOne() => Interlocked.Exchange(ref held, new TaskCompletionSource())!.SetResult();

    /// <summary>Completes when one batch more is in the engine.</summary>
    public async Task EnteredAsync() => Assert.True(await entered.WaitAsync(Patience), "no batch came");

    /// <summary>Forgets the batches so far.</summary>
    public void Clear()
    {
        lock (batches) batches.Clear();
        while (entered.Wait(0)) { }
    }

    public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        Assert.False(IsDisposed, "an engine was used after it was disposed");
        var rows = halt.Length;
        var wait = held;
        lock (batches) batches.Add(rows);
        entered.Release();
        if (wait is not null) Assert.True(wait.Task.Wait(Patience), "a held engine was not released");
        Before?.Invoke(normalized.ToArray());
        for (var row = 0; row < rows; row++)
        {
            probabilities[row * Strategy.Count] = Answer(normalized[row * FeatureNames.Count]);
            probabilities[row * Strategy.Count + 1] = Stamp;
            halt[row] = 0.5f;
        }
    }

    public void Dispose() => disposed.SetResult();
}
