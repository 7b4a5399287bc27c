using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Import;

/// <summary>
/// Lets each good bar of one input through once: the rules of <see cref="BarRules"/>, and no (symbol, session) twice.
/// Its memory is bounded by the market's symbols and calendar, not by the length of the input.
/// </summary>
/// <param name="market">Whose bars they are.</param>
/// <param name="today">The date at the exchange; later bars are refused.</param>
/// <param name="unit">What a place in the input is called: line, bar.</param>
internal sealed class BarSieve(Market market, DateOnly? today, string unit)
{
    private readonly Dictionary<(string Symbol, DateOnly Session), (long Place, int Fingerprint)> taken = [];

    /// <summary>Why the bar is refused, or null when it is let through.</summary>
    public string? Reject(in Bar bar, long place)
    {
        if (BarRules.Reject(bar, market, today) is { } reason) return reason;

        var fingerprint = bar.GetHashCode();
        if (taken.TryAdd((bar.Symbol, bar.Session), (place, fingerprint))) return null;
        var first = taken[(bar.Symbol, bar.Session)];
        return $"{(first.Fingerprint == fingerprint ? "repeats" : "differs from")} {unit} {first.Place}";
    }
}
