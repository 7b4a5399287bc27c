using System.Threading.Tasks.Sources;

namespace Trm.Gateway.Connections;

/// <summary>
/// Wakes one waiter, without an allocation a wait. Not safe by itself: both sides hold the outbox's lock.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    // Asynchronously, so that the fan-out never runs a client's socket write.
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private bool waiting;

    public ValueTask WaitAsync()
    {
        core.Reset();
        waiting = true;
        return new ValueTask(this, core.Version);
    }

    public void Set()
    {
        if (!waiting) return;
        waiting = false;
        core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
