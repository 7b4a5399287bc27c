using System.Threading.Tasks.Sources;

namespace Trm.Gateway.Connections;

/// <summary>
/// Wakes one waiter, without an allocation a wait. <see cref="WaitAsync"/> and <see cref="TryClaim"/> are called with the
/// outbox's lock held, <see cref="Set"/> without it: the waiter goes on at once, on the caller's thread.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    // Not asynchronously: a turn in the thread pool's queue for each client and message costs more than the write it leads to.
    private ManualResetValueTaskSourceCore<bool> core;
    private bool waiting;

    /// <summary>Somebody waits, and nobody wakes them yet.</summary>
    public bool IsAwaited => waiting;

    public ValueTask WaitAsync()
    {
        core.Reset();
        waiting = true;
        return new ValueTask(this, core.Version);
    }

    /// <summary>Whether there is a waiter that nobody else wakes; the caller then has to.</summary>
    public bool TryClaim()
    {
        var claimed = waiting;
        waiting = false;
        return claimed;
    }

    public void Set() => core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
