using System.Collections.Concurrent;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>The last predictions of each market, serialised: most clients that resume missed no more, and cost the log nothing.</summary>
internal sealed class RecentPredictions(int limit)
{
    private readonly ConcurrentDictionary<string, Window> windows = new(StringComparer.Ordinal);

    /// <summary>A live prediction, in the order of the feed.</summary>
    public void Add(PredictionFrame frame) => windows.GetOrAdd(frame.Market, static (_, size) => new Window(size), limit).Add(frame);

    /// <summary>What follows a place, oldest first; false when some of it is older than what is kept, or nothing follows it.</summary>
    /// <param name="market">The market.</param>
    /// <param name="epoch">The log of the place.</param>
    /// <param name="after">Its sequence.</param>
    /// <param name="count">Most that are wanted.</param>
    /// <param name="page">One to <paramref name="count"/> predictions without a hole.</param>
    public bool TryRead(string market, Guid epoch, long after, int count, out IReadOnlyList<PredictionFrame> page)
    {
        page = [];
        return windows.TryGetValue(market, out var window) && window.TryRead(epoch, after, count, out page);
    }

    /// <summary>A ring of one epoch's sequences without a hole.</summary>
    private sealed class Window(int size)
    {
        private readonly Lock gate = new();
        private readonly PredictionFrame[] ring = new PredictionFrame[size];
        private Guid epoch;
        private long first = 1;
        private long last;

        public void Add(PredictionFrame frame)
        {
            lock (gate)
            {
                var isSameLog = frame.Epoch == epoch;
                if (isSameLog && frame.Sequence <= last) return;
                // Behind a hole everything starts over: what is kept has none.
                if (!isSameLog || frame.Sequence != last + 1)
                {
                    Array.Clear(ring);
                    first = frame.Sequence;
                }
                epoch = frame.Epoch;
                last = frame.Sequence;
                first = Math.Max(first, last - size + 1);
                ring[last % size] = frame;
            }
        }

        public bool TryRead(Guid of, long after, int count, out IReadOnlyList<PredictionFrame> page)
        {
            lock (gate)
            {
                page = [];
                if (of != epoch || after + 1 < first || after >= last) return false;
                var frames = new PredictionFrame[Math.Min(count, last - after)];
                for (var i = 0; i < frames.Length; i++) frames[i] = ring[(after + 1 + i) % size];
                page = frames;
                return true;
            }
        }
    }
}
