namespace Trm.Bench.Chaos.Silence;

/// <summary>
/// How long nothing new came, and after which fault. A silence belongs to the first fault within it, or else to the last one before
/// it. Safe to use from many threads.
/// </summary>
internal sealed class SilenceBook
{
    private readonly int markets;
    private readonly TimeProvider time;
    private readonly Lock gate = new();

    // Newest known to anybody, and since when.
    private readonly long[] newest;
    private readonly long[] newestAt;
    private long anyAt;

    private SilenceWindow[] windows;

    public SilenceBook(int markets, TimeProvider time)
    {
        (this.markets, this.time) = (markets, time);
        var now = time.GetTimestamp();
        newest = new long[markets];
        newestAt = [.. Enumerable.Repeat(now, markets)];
        anyAt = now;
        windows = [new SilenceWindow(markets, now, time)];
    }

    /// <summary>A fault begins: what is silent from now on is its doing.</summary>
    /// <returns>Its silences; they grow until the next fault.</returns>
    public SilenceWindow Begin()
    {
        lock (gate)
        {
            var window = new SilenceWindow(markets, time.GetTimestamp(), time);
            windows = [.. windows, window];
            return window;
        }
    }

    /// <summary>A client got a prediction that it did not have.</summary>
    /// <param name="market">Index of the market.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="before">When that client heard of the market before.</param>
    /// <param name="now">When it came.</param>
    public void Heard(int market, long sequence, long before, long now)
    {
        WindowOf(before).ByClient(market, now - before);
        if (sequence <= Volatile.Read(ref newest[market])) return;
        lock (gate)
        {
            if (sequence <= newest[market]) return;
            WindowOf(newestAt[market]).ByAnybody(market, now - newestAt[market]);
            WindowOf(anyAt).OfAll(now - anyAt);
            Volatile.Write(ref newest[market], sequence);
            (newestAt[market], anyAt) = (now, now);
        }
    }

    /// <summary>A silence that nothing ended.</summary>
    public void Open(int market, long before, long now) => WindowOf(before).ByClient(market, now - before);

    private SilenceWindow WindowOf(long before)
    {
        var known = Volatile.Read(ref windows);
        var last = known.Length - 1;
        while (last > 1 && known[last - 1].Start >= before) last--;
        return known[last];
    }
}
