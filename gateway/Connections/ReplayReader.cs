using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// Reads the log for clients that resume farther back than what is at hand. After an outage thousands ask for the same
/// stretch at once: a page is read and serialised once for all of them, and no more than a few are read at a time.
/// </summary>
internal sealed class ReplayReader(IPredictionFeed feed, TimeProvider time) : IDisposable
{
    /// <summary>Predictions of a page: enough to be quick, few enough to wait in memory.</summary>
    public const int PageSize = 256;

    private const int ReadsAtOnce = 4;
    private const int KeptPages = 32;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim reads = new(ReadsAtOnce, ReadsAtOnce);
    private readonly Dictionary<PageKey, Page> pages = [];
    private readonly Queue<PageKey> kept = new();

    /// <summary>A page that holds what follows a place, or less when the log ends; it may begin before the place.</summary>
    /// <exception cref="Core.TrmException">The log cannot be read.</exception>
    public Task<IReadOnlyList<PredictionFrame>> ReadAsync(RefillRequest request)
    {
        var key = new PageKey(request.Queue.Market, request.Epoch, request.After / PageSize);
        lock (gate)
        {
            // A page under way that was asked for before the newest came may end without it.
            if (pages.TryGetValue(key, out var page) && (page.IsFull || page.Target >= request.Target)) return page.Frames;
            page = new Page(request.Target);
            pages[key] = page;
            return page.Frames = ReadAsync(key, page);
        }
    }

    public void Dispose() => reads.Dispose();

    private async Task<IReadOnlyList<PredictionFrame>> ReadAsync(PageKey key, Page page)
    {
        // Away from the caller, who may be the fan-out: an embedded store reads on the thread that asks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var frames = await LogAsync(key);
            Keep(key, page, isFull: frames.Count == PageSize && frames[^1].Epoch == key.Epoch);
            return frames;
        }
        catch
        {
            Keep(key, page, isFull: false);
            throw;
        }
    }

    private async Task<IReadOnlyList<PredictionFrame>> LogAsync(PageKey key)
    {
        await reads.WaitAsync();
        try
        {
            var predictions = await feed.ReadAsync(key.Market, new LogQuery { After = key.Number * PageSize, Limit = PageSize });
            var now = time.GetUtcNow();
            return [.. predictions.Select(prediction => PredictionFrame.Of(prediction, now))];
        }
        finally
        {
            reads.Release();
        }
    }

    // A full page never changes. One that is not grows, so only those who waited for it get it.
    private void Keep(PageKey key, Page page, bool isFull)
    {
        lock (gate)
        {
            if (!pages.TryGetValue(key, out var current) || !ReferenceEquals(current, page)) return;
            page.IsFull = isFull;
            if (!isFull)
            {
                pages.Remove(key);
                return;
            }
            kept.Enqueue(key);
            if (kept.Count > KeptPages) pages.Remove(kept.Dequeue());
        }
    }

    /// <param name="Market">The market.</param>
    /// <param name="Epoch">Its log.</param>
    /// <param name="Number">Page N follows sequence N · <see cref="PageSize"/>.</param>
    private readonly record struct PageKey(string Market, Guid Epoch, long Number);

    private sealed class Page(long target)
    {
        public long Target { get; } = target;

        public bool IsFull { get; set; }

        public Task<IReadOnlyList<PredictionFrame>> Frames { get; set; } = null!;
    }
}
