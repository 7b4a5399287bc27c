namespace Trm.MarketData.Sources;

/// <summary>Which source the user wants of a market.</summary>
public sealed record SourceChoice
{
    /// <summary>live, replay or simulated; null is live when the store has bars of the market, else simulated.</summary>
    public string? Source { get; init; }

    /// <summary>First session of a replay; the store's first when null.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last session of a replay; the store's last when null.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Replay from the start although the log holds a part of it already.</summary>
    public bool Restart { get; init; }

    /// <summary>Seed of the simulated market.</summary>
    public long Seed { get; init; } = 1;
}
