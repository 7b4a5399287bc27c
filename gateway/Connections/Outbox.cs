using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// All that waits for one client: replies, a queue per market, and the reason to close. The fan-out and the
/// receive loop put in, the send loop takes out; every call holds one short lock and none waits. What puts in runs the send
/// loop, if that waits, before it returns. This file is what goes in and out; where each market's queue starts is beside it.
/// </summary>
internal sealed partial class Outbox(GatewayOptions options, MarketHeads heads, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, MarketQueue> markets = new(StringComparer.Ordinal);
    private readonly Signal signal = new();
    private ShortQueue<Frame> replies;
    private ShortQueue<MarketQueue> ready;

    /// <summary>The market asked about last: most clients have one, and need no look into the table.</summary>
    private MarketQueue? lastFound;

    /// <summary>The end of a message whose beginning was sent on the spot.</summary>
    private ReadOnlyMemory<byte> unsent;

    private int liveWaiting;
    private CloseReason? closing;
    private long closingSince;

    /// <summary>How long ago the end was decided; null while it is not.</summary>
    public TimeSpan? ClosingFor => Volatile.Read(ref closingSince) is not 0 and var since ? time.GetElapsedTime(since) : null;

    /// <summary>Why it ends; null while that is not decided.</summary>
    public CloseReason? Closing
    {
        get
        {
            lock (gate) return closing;
        }
    }

    /// <summary>Takes live predictions, of the markets that the client wants.</summary>
    /// <param name="frames">In the order they came.</param>
    /// <param name="writer">Where a single one may go at once when nothing else waits; null where that is not possible.</param>
    /// <returns>Whether it went at once.</returns>
    public bool Offer(ReadOnlySpan<PredictionFrame> frames, IInstantWriter? writer = null)
    {
        bool wake, passed;
        lock (gate)
        {
            passed = frames.Length == 1 && writer is not null && TryPass(frames[0], writer);
            if (!passed)
            {
                foreach (var frame in frames) Offer(frame);
            }
            wake = MustWake();
        }
        if (wake) signal.Set();
        return passed;
    }

    /// <summary>Adds an answer; a client that asks without reading the answers is too slow.</summary>
    public void Reply(Frame frame)
    {
        bool wake;
        lock (gate)
        {
            Add(frame);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    /// <summary>Adds a notice to all; one that finds the outbox full is dropped, since another will come.</summary>
    /// <param name="frame">The notice.</param>
    /// <param name="market">The market it is about, for those who want that one; null for everyone.</param>
    public void Notify(Frame frame, string? market = null)
    {
        bool wake;
        lock (gate)
        {
            if (closing is not null || (market is not null && !markets.ContainsKey(market))) return;
            if (replies.Count >= options.ReplyLimit) MessageCount.Dropped(1);
            else replies.Enqueue(frame);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    /// <summary>Ends the connection once the replies that wait are sent; predictions that wait are dropped.</summary>
    /// <returns>False when an end was decided before.</returns>
    public bool Close(CloseReason reason, Frame? lastWord = null)
    {
        bool wake;
        lock (gate)
        {
            if (closing is not null) return false;
            End(reason, lastWord);
            wake = MustWake();
        }
        if (wake) signal.Set();
        return true;
    }

    /// <summary>Takes the next item: replies before predictions, markets in turn.</summary>
    public bool TryTake(out OutboxItem item)
    {
        lock (gate)
        {
            item = default;
            if (!unsent.IsEmpty)
            {
                item = item with { Rest = unsent };
                unsent = default;
            }
            else if (replies.TryDequeue(out var reply)) item = item with { Frame = reply };
            else if (closing is not null) item = item with { Close = closing };
            else return TryTakeMarket(framesOnly: false, ref item);
            return true;
        }
    }

    /// <summary>Takes the next item if it is a message; a page to read or the end is left for <see cref="TryTake"/>.</summary>
    public bool TryTakeFrame(out OutboxItem item)
    {
        lock (gate)
        {
            item = default;
            if (replies.TryDequeue(out var reply)) item = item with { Frame = reply };
            else return closing is null && TryTakeMarket(framesOnly: true, ref item);
            return true;
        }
    }

    /// <summary>Waits until there may be something to take. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            return HasWork ? ValueTask.CompletedTask : signal.WaitAsync();
        }
    }

    private bool HasWork => !unsent.IsEmpty || !replies.IsEmpty || closing is not null || !ready.IsEmpty;

    private bool MustWake() => HasWork && signal.TryClaim();

    private bool TryTakeMarket(bool framesOnly, ref OutboxItem item)
    {
        while (ready.TryPeek(out var queue))
        {
            var isCurrent = IsCurrent(queue);
            if (isCurrent && queue.NeedsRefill && framesOnly) return false;
            ready.TryDequeue(out _);
            queue.IsListed = false;
            if (!isCurrent) continue;
            if (queue.NeedsRefill)
            {
                // Listed again by the page that comes.
                item = item with { Refill = queue.Missing };
                return true;
            }
            if (!queue.TryTake(out var frame, out var isLive)) continue;
            if (isLive) liveWaiting--;
            item = item with { Frame = frame, IsLive = isLive };
            if (queue.HasWork) List(queue);
            return true;
        }
        return false;
    }

    // With the lock held, so that nothing the client is told comes between; the kernel takes the message or not, but never waits.
    private bool TryPass(PredictionFrame frame, IInstantWriter writer)
    {
        if (!signal.IsAwaited || HasWork || Find(frame.Market) is not { } queue || !queue.IsNext(frame)) return false;
        var bytes = frame.Bytes(writer.Format);
        var sent = writer.TryWrite(bytes.Span);
        if (sent < 0) return false;
        queue.Pass(frame);
        unsent = bytes[sent..];
        return true;
    }

    private MarketQueue? Find(string market)
    {
        if (lastFound?.Market != market) markets.TryGetValue(market, out lastFound);
        return lastFound;
    }

    private void Offer(PredictionFrame frame)
    {
        if (closing is not null || Find(frame.Market) is not { } queue) return;
        if (frame.Epoch != queue.Epoch) RestartAt(queue, ResyncReasons.EpochChanged, new MarketHead(frame.Epoch, frame));
        else Enqueue(queue, frame);
        List(queue);
    }

    private void End(CloseReason reason, Frame? lastWord = null)
    {
        if (liveWaiting > 0) MessageCount.Dropped(liveWaiting);
        if (lastWord is not null) replies.Enqueue(lastWord);
        closing = reason;
        Volatile.Write(ref closingSince, Math.Max(1, time.GetTimestamp()));
        markets.Clear();
        lastFound = null;
        ready.Clear();
        liveWaiting = 0;
    }

    private void Enqueue(MarketQueue queue, PredictionFrame frame)
    {
        var before = queue.LiveCount;
        var conflated = queue.Offer(frame);
        liveWaiting += queue.LiveCount - before;
        if (conflated > 0) MessageCount.Conflated(conflated);
        if (liveWaiting > options.QueueLimit) End(CloseReason.TooSlow);
    }

    private void Add(Frame reply)
    {
        if (closing is not null) return;
        if (replies.Count >= options.ReplyLimit) End(CloseReason.TooSlow);
        else replies.Enqueue(reply);
    }

    private void List(MarketQueue queue)
    {
        if (queue.IsListed || !queue.HasWork || closing is not null) return;
        queue.IsListed = true;
        ready.Enqueue(queue);
    }
}
