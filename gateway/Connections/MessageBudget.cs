namespace Trm.Gateway.Connections;

/// <summary>A token bucket for what one client sends. One reader; no timer.</summary>
internal sealed class MessageBudget(double perSecond, int burst, TimeProvider time)
{
    private double tokens = burst;
    private long refilledAt = time.GetTimestamp();
    private bool exhausted;

    /// <summary>Takes one message; when false, <paramref name="isFirst"/> is true once until there is budget again.</summary>
    public bool TryTake(out bool isFirst)
    {
        var now = time.GetTimestamp();
        tokens = Math.Min(burst, tokens + (time.GetElapsedTime(refilledAt, now).TotalSeconds * perSecond));
        refilledAt = now;
        isFirst = false;
        if (tokens >= 1)
        {
            tokens--;
            exhausted = false;
            return true;
        }
        isFirst = !exhausted;
        exhausted = true;
        return false;
    }
}
