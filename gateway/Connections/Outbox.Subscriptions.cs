using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal sealed partial class Outbox
{
    /// <summary>Changes what the client gets, in one step with the reply: nothing comes between them.</summary>
    public void Subscribe(SubscribeRequest request)
    {
        bool wake;
        lock (gate)
        {
            if (closing is not null) return;
            // Under the lock: a prediction that the fan-out offers later is newer than these heads, or one of them.
            var places = request.Markets.ToDictionary(m => m, heads.Of, StringComparer.Ordinal);
            if (request.Reply) Add(ServerMessages.Subscribed(places, request.Delivery.WireName(), request.Id));
            foreach (var (market, head) in places) Place(market, head, request);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    /// <summary>Stops markets and replies.</summary>
    public void Unsubscribe(IReadOnlyList<string> names, Frame reply)
    {
        bool wake;
        lock (gate)
        {
            lastFound = null;
            foreach (var name in names)
            {
                if (markets.Remove(name, out var queue)) liveWaiting -= queue.LiveCount;
            }
            Add(reply);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    /// <summary>Puts a page of the log in, unless the client's place changed while it was read.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="page">From there on, or from earlier; what the client has is left out.</param>
    public void Refill(RefillRequest request, IReadOnlyList<PredictionFrame> page)
    {
        bool wake;
        lock (gate)
        {
            var queue = request.Queue;
            if (closing is not null || queue.Generation != request.Generation || !IsCurrent(queue)) return;
            if (page.Any(frame => frame.Epoch != queue.Epoch)) RestartAt(queue, ResyncReasons.EpochChanged, new MarketHead(page[^1].Epoch, page[^1]));
            else queue.Refill(page);
            List(queue);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    /// <summary>A page could not be read: it is asked for again.</summary>
    public void Retry(RefillRequest request)
    {
        bool wake;
        lock (gate)
        {
            if (request.Queue.Generation == request.Generation && IsCurrent(request.Queue)) List(request.Queue);
            wake = MustWake();
        }
        if (wake) signal.Set();
    }

    private void Place(string market, MarketHead head, SubscribeRequest request)
    {
        var isNew = !markets.TryGetValue(market, out var queue);
        if (queue is null) markets.Add(market, queue = new MarketQueue(market));
        var wasConflating = !isNew && queue.Delivery == Delivery.Latest && !queue.IsReplaying;
        queue.Delivery = request.Delivery;
        if (request.Since.TryGetValue(market, out var since)) Resume(queue, since, head);
        else if (isNew) queue.StartAtHead(head);
        else if (wasConflating && request.Delivery == Delivery.All) GoOnFrom(queue, head);
        List(queue);
    }

    private void Resume(MarketQueue queue, LogPlace since, MarketHead head)
    {
        if (Obstacle(since, head) is { } reason)
        {
            RestartAt(queue, reason, head);
            return;
        }
        liveWaiting -= queue.LiveCount;
        queue.StartAfter(since, head.Sequence);
    }

    // What waits was conflated and has holes; from the place that 'subscribed' tells on there are none.
    private void GoOnFrom(MarketQueue queue, MarketHead head)
    {
        liveWaiting -= queue.LiveCount;
        if (queue.HasWork) queue.StartAtHead(head);
        else queue.StartAfter(new LogPlace(head.Epoch, head.Sequence), head.Sequence);
    }

    private string? Obstacle(LogPlace since, MarketHead head)
    {
        if (since.Epoch != head.Epoch) return ResyncReasons.EpochChanged;
        if (since.Sequence > head.Sequence) return ResyncReasons.AheadOfLog;
        return head.Sequence - since.Sequence > options.ReplayLimit ? ResyncReasons.GapTooLarge : null;
    }

    private void RestartAt(MarketQueue queue, string reason, MarketHead head)
    {
        liveWaiting -= queue.LiveCount;
        Add(ServerMessages.Resync(queue.Market, reason, head));
        queue.StartAtHead(head);
    }

    private bool IsCurrent(MarketQueue queue) => markets.TryGetValue(queue.Market, out var current) && ReferenceEquals(current, queue);
}
