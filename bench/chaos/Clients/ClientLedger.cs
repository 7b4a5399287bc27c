using Trm.Core;

namespace Trm.Bench.Chaos.Clients;

/// <summary>
/// What one client was promised and what it got: from its first <c>subscribed</c> on, every sequence of each market once and in
/// order, across however many connections. Used by its client alone; figures may be read meanwhile.
/// </summary>
internal sealed class ClientLedger
{
    private readonly MarketTrack[] tracks;
    private readonly HashSet<(int Market, long Sequence)> missing = [];
    private readonly Action<string> tell;
    private LedgerCounts counts;

    /// <param name="markets">How many markets there are.</param>
    /// <param name="wanted">Those that the client has, by index.</param>
    /// <param name="tell">Hears of every fault.</param>
    public ClientLedger(int markets, IReadOnlyList<int> wanted, Action<string> tell)
    {
        tracks = new MarketTrack[markets];
        foreach (var market in wanted) tracks[market].IsWanted = true;
        Wanted = wanted;
        this.tell = tell;
    }

    /// <summary>The client's markets by index.</summary>
    public IReadOnlyList<int> Wanted { get; }

    /// <summary>How many markets there are, the client's or not.</summary>
    public int MarketCount => tracks.Length;

    /// <summary>Whether each market has said where it stands, on this connection.</summary>
    public bool IsSubscribed => Wanted.All(m => tracks[m].IsSubscribed);

    /// <summary>What was counted so far; holes that may still be filled are among them.</summary>
    public LedgerCounts Counts => counts with { Holes = missing.Count };

    /// <summary>Where the client is in a market.</summary>
    public ref readonly MarketTrack this[int market] => ref tracks[market];

    /// <summary>Where to resume a market; null before its first <c>subscribed</c>.</summary>
    public LogPlace? Since(int market) => tracks[market].HasStarted ? new LogPlace(tracks[market].Epoch, tracks[market].Last) : null;

    // This connection's first 'subscribed' has come. Before that it may get any market's newest: 'unsubscribe' was not read yet.
    private bool isAnswered;

    /// <summary>A new connection: what comes before its <c>subscribed</c> does not count.</summary>
    public void Connected()
    {
        foreach (var market in Wanted) tracks[market].IsSubscribed = false;
        isAnswered = false;
    }

    /// <summary>The server said where a market stands.</summary>
    public void Subscribed(int market, LogPlace place, long now)
    {
        ref var track = ref Track(market);
        if (!track.HasStarted) track = new MarketTrack { IsWanted = true, HasStarted = true, MayRepeat = true, Epoch = place.Epoch, Last = place.Sequence, HeardAt = now };
        track.IsSubscribed = isAnswered = true;
        track.Head = place.Sequence;
    }

    /// <summary>The server cannot resume a market, and goes on from its newest.</summary>
    public void Resync(int market, string reason, LogPlace place)
    {
        ref var track = ref Track(market);
        counts = counts with { Resyncs = counts.Resyncs + 1 };
        tell($"{MarketNames.Of(market)}: resync ({reason}) from {track.Last} to {place.Sequence}");
        (track.Epoch, track.Last, track.MayRepeat) = (place.Epoch, place.Sequence, true);
    }

    /// <summary>A prediction came.</summary>
    /// <returns>Whether it is one that the client did not have.</returns>
    public bool Predicted(int market, LogPlace place)
    {
        if (market < 0 || market >= tracks.Length || !tracks[market].IsWanted) return isAnswered && Stranger(market, place, "not subscribed");
        ref var track = ref tracks[market];
        if (!track.IsSubscribed) return false;
        if (place.Epoch != track.Epoch) return Stranger(market, place, $"epoch {place.Epoch}, not {track.Epoch}");
        if (place.Sequence <= track.Last) return Again(ref track, market, place.Sequence);
        for (var sequence = track.Last + 1; sequence < place.Sequence; sequence++) missing.Add((market, sequence));
        if (place.Sequence > track.Last + 1) tell($"{MarketNames.Of(market)}: {place.Sequence} came after {track.Last}");
        (track.Last, track.MayRepeat) = (place.Sequence, false);
        counts = counts with { Received = counts.Received + 1 };
        return true;
    }

    /// <summary>Remembers when a market was heard of.</summary>
    /// <returns>When it was before.</returns>
    public long Heard(int market, long now)
    {
        var before = tracks[market].HeardAt;
        tracks[market].HeardAt = now;
        return before;
    }

    /// <summary>Counts what the log has up to a place and the client has not.</summary>
    public void Close(int market, long sequence)
    {
        if (!tracks[market].HasStarted)
        {
            counts = counts with { Strangers = counts.Strangers + 1 };
            tell($"{MarketNames.Of(market)}: never subscribed");
            return;
        }
        if (tracks[market].Last < sequence) tell($"{MarketNames.Of(market)}: ends at {tracks[market].Last}, the log goes on to {sequence}");
        for (var next = tracks[market].Last + 1; next <= sequence; next++) missing.Add((market, next));
    }

    private bool Again(ref MarketTrack track, int market, long sequence)
    {
        if (track.MayRepeat && sequence == track.Last)
        {
            track.MayRepeat = false;
            return false;
        }
        if (missing.Remove((market, sequence)))
        {
            counts = counts with { OutOfOrder = counts.OutOfOrder + 1, Received = counts.Received + 1 };
            tell($"{MarketNames.Of(market)}: {sequence} came late, after {track.Last}");
            return true;
        }
        counts = counts with { Twice = counts.Twice + 1 };
        tell($"{MarketNames.Of(market)}: {sequence} came twice, after {track.Last}");
        return false;
    }

    private bool Stranger(int market, LogPlace place, string why)
    {
        counts = counts with { Strangers = counts.Strangers + 1 };
        tell($"{(market < 0 ? "unknown market" : MarketNames.Of(market))}: {place.Sequence}: {why}");
        return false;
    }

    private ref MarketTrack Track(int market)
    {
        if (market < 0 || market >= tracks.Length || !tracks[market].IsWanted) throw new TrmException("bad_message", $"the server speaks of market {market}, which was not asked for");
        return ref tracks[market];
    }
}
