namespace Trm.Core.Bars;

/// <summary>One symbol's prices and volume for one session.</summary>
/// <param name="Symbol">Upper-case ticker.</param>
/// <param name="Session">The exchange's date.</param>
/// <param name="Open">First price, &gt; 0.</param>
/// <param name="High">Highest price, ≥ the other three.</param>
/// <param name="Low">Lowest price, ≤ the other three.</param>
/// <param name="Close">Last price, adjusted for splits and dividends where the feed does so.</param>
/// <param name="Volume">Units traded, ≥ 0; 0 for an index.</param>
public readonly record struct Bar(
    string Symbol, DateOnly Session, double Open, double High, double Low, double Close, double Volume);
