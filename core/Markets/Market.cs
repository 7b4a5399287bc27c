namespace Trm.Core.Markets;

/// <summary>
/// A market: the universe of symbols whose bars become one snapshot. Shipped definitions are in
/// <c>markets/*.json</c>.
/// </summary>
public sealed record Market
{
    // Made of four properties, each of which clears it: a copy by `with` must not keep the original's list.
    private IReadOnlyList<string>? symbols;

    /// <summary>Its id in URLs and messages: 1 to 64 of <c>a-z 0-9 . _ -</c>, starting with a letter or digit.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people; the id when none is given.</summary>
    public string Name { get => field ?? Id; init; }

    /// <summary>The equity benchmark, <c>SPY</c> in <c>us-equities</c>; one of <see cref="Members"/>.</summary>
    public required string Benchmark { get; init; }

    /// <summary>The bond of the strategies' allocations, <c>TLT</c> in <c>us-equities</c>; one of <see cref="Members"/>.</summary>
    public required string Bond { get; init; }

    /// <summary>The volatility index in points, <c>VIX</c> in <c>us-equities</c>; not tradable.</summary>
    public required string VolatilityIndex { get; init => (field, symbols) = (value, null); }

    /// <summary>The tradable members, benchmark and bond among them, in display order.</summary>
    public required IReadOnlyList<string> Members { get; init => (field, symbols) = (value, null); }

    /// <summary>
    /// Products that track volatility (<c>VIXY</c>). <c>causal-v2</c> leaves them and the index out of every
    /// return-based feature: they fall when the market rises and would cancel breadth and correlation.
    /// </summary>
    public IReadOnlyList<string> VolatilityProducts { get; init => (field, symbols) = (value, null); } = [];

    /// <summary>The symbol whose close is a put/call ratio, when a feed supplies one; else vix/20 stands in.</summary>
    public string? PutCallSymbol { get; init => (field, symbols) = (value, null); }

    /// <summary>IANA time zone of the exchange.</summary>
    public string TimeZone { get; init; } = "America/New_York";

    /// <summary>When a session's bars are complete, in <see cref="TimeZone"/>.</summary>
    public TimeOnly SessionClose { get; init; } = new(16, 0);

    /// <summary>
    /// How long after its close a session's bars count as fresh. The default spans a long weekend
    /// (Friday's close to Tuesday's close) and four hours for the feed.
    /// </summary>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromHours(100);

    /// <summary>Every symbol a complete session has a bar of: members, volatility products, index, put/call.</summary>
    public IReadOnlyList<string> Symbols => symbols ??=
        [.. Members.Concat(VolatilityProducts).Append(VolatilityIndex)
            .Concat(PutCallSymbol is null ? [] : [PutCallSymbol]).Distinct(StringComparer.Ordinal)];

    /// <summary>The instant a session's bars are complete: a snapshot of that session is "as of" it.</summary>
    /// <exception cref="TimeZoneNotFoundException">The system has no data for <see cref="TimeZone"/>.</exception>
    public DateTimeOffset CloseOf(DateOnly session)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var local = session.ToDateTime(SessionClose, DateTimeKind.Unspecified);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(local, zone), TimeSpan.Zero);
    }

    /// <summary>The session that a <see cref="CloseOf"/> instant belongs to: its date in <see cref="TimeZone"/>.</summary>
    public DateOnly SessionOf(DateTimeOffset asOf) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(asOf, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime);

    /// <summary>The last date whose session's bars are complete at an instant, a session or not.</summary>
    public DateOnly LastClosed(DateTimeOffset instant)
    {
        var session = SessionOf(instant);
        return CloseOf(session) <= instant ? session : session.AddDays(-1);
    }
}
