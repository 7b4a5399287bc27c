using Trm.Core.Predictions;

namespace Trm.Gateway.Host.Feed;

/// <summary>
/// Asks where a market's log stands, once for all who ask at the same time. A request that was under way before somebody asked
/// may answer with what was before; so whoever comes meanwhile shares the next.
/// </summary>
internal sealed class HeadRequests(Func<Task<LogHead>> ask)
{
    private readonly Lock gate = new();
    private Task<LogHead>? current;
    private Task<LogHead>? next;

    public Task<LogHead> AskAsync()
    {
        lock (gate)
        {
            if (next is not null) return next;
            if (current is null or { IsCompleted: true }) return current = ask();
            return next = FollowAsync(current);
        }
    }

    private async Task<LogHead> FollowAsync(Task<LogHead> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<LogHead> mine;
        lock (gate)
        {
            mine = current = ask();
            next = null;
        }
        return await mine.ConfigureAwait(false);
    }
}
