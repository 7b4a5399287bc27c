namespace Trm.Bench.Chaos.Silence;

/// <summary>The longest silences from one fault to the next.</summary>
internal sealed class SilenceWindow(int markets, long start, TimeProvider time)
{
    private readonly long[] byClient = new long[markets];
    private readonly long[] byAnybody = new long[markets];
    private long ofAll;

    /// <summary>Timestamp of the fault.</summary>
    public long Start => start;

    /// <summary>No market had anything new for anybody.</summary>
    public TimeSpan All => Span(Volatile.Read(ref ofAll));

    /// <summary>By market: the client that waited longest.</summary>
    public Spread PerMarket => Spread.Of(byClient.Select(Span));

    /// <summary>The market that a client waited for longest; its index.</summary>
    public int Longest => Array.IndexOf(byClient, byClient.Max());

    /// <summary>By market: nobody had anything new.</summary>
    public Spread PerMarketForAnybody => Spread.Of(byAnybody.Select(Span));

    public void ByClient(int market, long ticks) => Raise(ref byClient[market], ticks);

    public void ByAnybody(int market, long ticks) => Raise(ref byAnybody[market], ticks);

    public void OfAll(long ticks) => Raise(ref ofAll, ticks);

    private TimeSpan Span(long ticks) => time.GetElapsedTime(0, ticks);

    private static void Raise(ref long longest, long ticks)
    {
        for (var seen = Volatile.Read(ref longest); ticks > seen;)
        {
            var was = Interlocked.CompareExchange(ref longest, ticks, seen);
            if (was == seen) return;
            seen = was;
        }
    }
}
