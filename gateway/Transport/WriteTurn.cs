namespace Trm.Gateway.Transport;

/// <summary>
/// One writer at a time; the others wait in turn, without a thread. Taking and leaving it when nobody else wants it is one
/// interlocked operation each, on the owner's own memory: a semaphore would be two more objects for each of thousands of clients.
/// </summary>
/// <remarks>A field that is not read-only; never copied.</remarks>
internal struct WriteTurn
{
    private const int Free = 0;
    private const int Taken = 1;

    /// <summary>Taken, and who leaves has to look whether somebody waits.</summary>
    private const int Wanted = 2;

    private int state;
    private Queue<TaskCompletionSource>? waiting;

    /// <summary>Takes the turn if it is free.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Free) == Free;

    /// <summary>Completes when it is the caller's turn.</summary>
    public Task TakeAsync()
    {
        var line = LazyInitializer.EnsureInitialized(ref waiting);
        lock (line)
        {
            if (Interlocked.Exchange(ref state, Wanted) == Free) return Task.CompletedTask;
            // Not on the thread of who leaves: that one has its own clients to write to.
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Enqueue(mine);
            return mine.Task;
        }
    }

    /// <summary>Passes it on, to who has waited longest.</summary>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref state, Free, Taken) == Taken) return;
        lock (waiting!)
        {
            if (waiting.TryDequeue(out var next)) next.SetResult();
            else Volatile.Write(ref state, Free);
        }
    }
}
