using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Tests;

/// <summary>Three symbols, and sessions on consecutive days from 2024-01-01.</summary>
internal static class SmallMarket
{
    public static Market Market { get; } = new()
    {
        Id = "small", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"],
    };

    public static DateOnly Day(int number) => new DateOnly(2024, 1, 1).AddDays(number - 1);

    /// <summary>The benchmark's close is 100 + the day's number.</summary>
    public static Bar Bar(int day, string symbol = "SPY") => new(symbol, Day(day), 100 + day, 101 + day, 99 + day, 100 + day, 1_000);

    public static IReadOnlyList<Bar> Days(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).SelectMany(day => Market.Symbols.Select(symbol => Bar(day, symbol)))];
}
