namespace Trm.Bench.Chaos.Clients;

/// <summary>Where one client is in one market.</summary>
internal struct MarketTrack
{
    /// <summary>The client has this market.</summary>
    public bool IsWanted;

    /// <summary>The client was told once where the market stands: from then on nothing may be missing.</summary>
    public bool HasStarted;

    /// <summary>This connection's <c>subscribed</c> has come: what was before does not count.</summary>
    public bool IsSubscribed;

    /// <summary>The newest itself may come once more, as where the client begins.</summary>
    public bool MayRepeat;

    public Guid Epoch;

    /// <summary>The last sequence: what comes next is one more.</summary>
    public long Last;

    /// <summary>Where the log stood when this connection subscribed: up to there predictions are old.</summary>
    public long Head;

    /// <summary>Timestamp of the last new prediction, or of the first subscription.</summary>
    public long HeardAt;
}
