using System.Globalization;
using Trm.Core.Markets;

namespace Trm.Core.Bars;

/// <summary>What makes a bar acceptable, whichever way it came in.</summary>
public static class BarRules
{
    /// <summary>
    /// Feeds adjust the four prices of a bar each on its own, so a close may lie above the high by rounding.
    /// </summary>
    private const double RoundingTolerance = 1e-4;

    private static readonly DateOnly EarliestSession = new(1900, 1, 1);
    private static readonly DateOnly LatestSession = new(2200, 1, 1);

    /// <summary>Says in a few words why the bar is refused, or null when it is good.</summary>
    /// <param name="bar">The bar.</param>
    /// <param name="market">Whose it is.</param>
    /// <param name="today">
    /// The date at the exchange. A bar of a later one is a slip of the pen that would be a live market's newest session for
    /// years. Null takes any date: a simulated market's calendar is its own.
    /// </param>
    public static string? Reject(in Bar bar, Market market, DateOnly? today = null)
    {
        if (bar.Session > today) return $"date {bar.Session:yyyy-MM-dd} lies ahead; at the exchange it is {today:yyyy-MM-dd}";
        if (string.IsNullOrWhiteSpace(bar.Symbol)) return "symbol is empty";
        if (!market.Symbols.Contains(bar.Symbol)) return $"symbol {bar.Symbol} is not in market {market.Id}";
        if (bar.Session < EarliestSession || bar.Session > LatestSession) return $"date {bar.Session:yyyy-MM-dd} is not between 1900 and 2200";
        return Price("open", bar.Open) ?? Price("high", bar.High) ?? Price("low", bar.Low) ?? Price("close", bar.Close)
            ?? Order(bar) ?? Volume(bar.Volume);
    }

    private static string? Price(string name, double value) => value switch
    {
        double.NaN => $"{name} is NaN",
        double.PositiveInfinity or double.NegativeInfinity => $"{name} is infinite",
        <= 0 => $"{name} {Text(value)} is not positive",
        _ => null,
    };

    private static string? Order(in Bar bar)
    {
        if (bar.High < bar.Low) return $"high {Text(bar.High)} is below low {Text(bar.Low)}";
        var slack = bar.High * RoundingTolerance;
        if (bar.Open > bar.High + slack || bar.Open < bar.Low - slack) return $"open {Text(bar.Open)} is outside low {Text(bar.Low)} to high {Text(bar.High)}";
        if (bar.Close > bar.High + slack || bar.Close < bar.Low - slack) return $"close {Text(bar.Close)} is outside low {Text(bar.Low)} to high {Text(bar.High)}";
        return null;
    }

    private static string? Volume(double value) =>
        double.IsFinite(value) && value >= 0 ? null : $"volume {Text(value)} is not a number from 0 up";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
