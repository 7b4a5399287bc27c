using System.Diagnostics.CodeAnalysis;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// What one client still has to get of one market, in order. It knows the last sequence taken in, so that a live
/// prediction is never taken twice, and what is missing is read from the log. Its outbox guards it with a lock.
/// </summary>
internal sealed class MarketQueue(string market)
{
    private ShortQueue<PredictionFrame> replayed;
    private ShortQueue<PredictionFrame> live;

    /// <summary>The newest sequence known to be in the log; the replay runs up to it.</summary>
    private long target;

    public string Market { get; } = market;

    public Delivery Delivery { get; set; }

    public Guid Epoch { get; private set; }

    /// <summary>The last sequence that was put in the queue: what comes next is one more.</summary>
    public long Cursor { get; private set; }

    /// <summary>What the log has to be asked for; only when <see cref="NeedsRefill"/>.</summary>
    public RefillRequest Missing => new(this, Generation, Epoch, Cursor, target);

    /// <summary>Changes when the place is set anew, so that a page read for the old place is thrown away.</summary>
    public int Generation { get; private set; }

    /// <summary>Is in the outbox's list of markets that have something to send.</summary>
    public bool IsListed { get; set; }

    public int LiveCount => live.Count;

    /// <summary>The log holds more that the client is to get.</summary>
    public bool IsReplaying => Cursor < target;

    /// <summary>Everything at hand is sent and the log holds more.</summary>
    public bool NeedsRefill => IsReplaying && replayed.IsEmpty && live.IsEmpty;

    public bool HasWork => !replayed.IsEmpty || !live.IsEmpty || IsReplaying;

    /// <summary>Starts at the newest prediction: it is sent at once, and live ones follow.</summary>
    public void StartAtHead(MarketHead head)
    {
        Start(head.Epoch, head.Sequence);
        if (head.Frame is { } latest) replayed.Enqueue(latest);
    }

    /// <summary>Starts after a place in the log: what was missed is replayed, and live ones follow.</summary>
    public void StartAfter(LogPlace place, long newest)
    {
        Start(place.Epoch, place.Sequence);
        target = newest;
    }

    /// <summary>Takes a live prediction of the same epoch.</summary>
    /// <returns>How many waiting ones it replaced.</returns>
    public int Offer(PredictionFrame frame)
    {
        if (frame.Sequence <= Cursor) return 0;
        if (IsReplaying || (Delivery == Delivery.All && frame.Sequence > Cursor + 1))
        {
            // It is in the log, and the replay will come to it: nothing piles up here meanwhile.
            target = Math.Max(target, frame.Sequence);
            return 0;
        }

        var conflated = 0;
        if (Delivery == Delivery.Latest)
        {
            conflated = live.Count;
            live.Clear();
        }
        live.Enqueue(frame);
        Cursor = frame.Sequence;
        return conflated;
    }

    /// <summary>Whether a live prediction may be sent at once: nothing waits, and nothing between is missing that the client wants.</summary>
    public bool IsNext(PredictionFrame frame) =>
        frame.Epoch == Epoch && !HasWork && (Delivery == Delivery.Latest ? frame.Sequence > Cursor : frame.Sequence == Cursor + 1);

    /// <summary>It was sent at once.</summary>
    public void Pass(PredictionFrame frame) => Cursor = frame.Sequence;

    /// <summary>Takes a page of the log. A page that brings nothing new ends the replay until the next live prediction.</summary>
    public void Refill(IEnumerable<PredictionFrame> page)
    {
        var before = Cursor;
        foreach (var frame in page)
        {
            if (frame.Sequence <= Cursor) continue;
            replayed.Enqueue(frame);
            Cursor = frame.Sequence;
        }
        if (Cursor == before) target = Cursor;
    }

    /// <summary>The next to send; what is replayed is older than what is live, unless live waited before the gap.</summary>
    public bool TryTake([NotNullWhen(true)] out PredictionFrame? frame, out bool isLive)
    {
        isLive = !replayed.TryDequeue(out frame);
        return !isLive || live.TryDequeue(out frame);
    }

    private void Start(Guid epoch, long cursor)
    {
        replayed.Clear();
        live.Clear();
        Epoch = epoch;
        Cursor = cursor;
        target = 0;
        Generation++;
    }
}
