using System.Globalization;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Tests;

namespace Trm.Core.Tests.Features;

/// <summary>Markets and sessions for feature tests.</summary>
internal static class TestSessions
{
    public static Market UsEquities { get; } = new()
    {
        Id = "us-equities",
        Benchmark = "SPY",
        Bond = "TLT",
        VolatilityIndex = "VIX",
        Members = ["SPY", "QQQ", "IWM", "TLT", "IEF", "SHY", "GLD", "SLV", "HYG", "LQD", "UUP", "FXE", "EEM", "EFA"],
        VolatilityProducts = ["VIXY"],
    };

    /// <summary>Three members, an index and a volatility product: small enough for arithmetic by hand.</summary>
    public static Market Small { get; } = SmallWith(putCallSymbol: null);

    public static Market SmallWith(string? putCallSymbol) => new()
    {
        Id = "small",
        Benchmark = "SPY",
        Bond = "TLT",
        VolatilityIndex = "VIX",
        Members = ["SPY", "TLT", "GLD"],
        VolatilityProducts = ["VIXY"],
        PutCallSymbol = putCallSymbol,
    };

    public static DateOnly Day(int number) => new DateOnly(2020, 1, 1).AddDays(number);

    public static Bar Bar(string symbol, DateOnly date, double close, double volume = 1000) =>
        new(symbol, date, close, close, close, close, volume);

    /// <summary>A random but repeatable market: every symbol has every bar, and all of them move.</summary>
    public static List<Session> RandomWalk(Market market, int count, int seed)
    {
        var random = new Random(seed);
        var closes = market.Symbols.ToDictionary(s => s, _ => 50 + (100 * random.NextDouble()));
        return [.. Enumerable.Range(0, count).Select(day =>
        {
            var common = (random.NextDouble() - 0.5) * 0.02;
            foreach (var symbol in market.Symbols) closes[symbol] *= 1 + common + ((random.NextDouble() - 0.5) * 0.02);
            return new Session(Day(day), market.Symbols.ToDictionary(s => s, s => Bar(s, Day(day), closes[s], VolumeOf(s))));
        })];

        double VolumeOf(string symbol) => symbol == market.VolatilityIndex ? 0 : 1000 * (1 + random.NextDouble());
    }

    public static Session Without(this Session session, params string[] symbols) =>
        session with { Bars = session.Bars.Where(b => !symbols.Contains(b.Key)).ToDictionary() };

    public static Session With(this Session session, string symbol, double close, double? volume = null) => session with
    {
        Bars = new Dictionary<string, Bar>(session.Bars)
        {
            [symbol] = Bar(symbol, session.Date, close, volume ?? (session.Bars.TryGetValue(symbol, out var old) ? old.Volume : 1000)),
        },
    };

    /// <summary>What an extractor says of the last session.</summary>
    public static FeatureReading Last(this IFeatureExtractor extractor, IEnumerable<Session> sessions) =>
        sessions.Select(extractor.Push).ToList()[^1];

    /// <summary>The reference bars; skips the calling test when they are absent.</summary>
    public static List<Session> RealSessions() => realSessions ??=
        [.. File.ReadLines(SharedData.File("bars-2010-2022.csv")).Skip(1).Select(ParseBar)
            .GroupBy(b => b.Session).OrderBy(g => g.Key)
            .Select(g => new Session(g.Key, g.ToDictionary(b => b.Symbol)))];

    private static List<Session>? realSessions;

    private static Bar ParseBar(string line)
    {
        var cells = line.Split(',');
        double Number(int i) => double.Parse(cells[i], CultureInfo.InvariantCulture);
        return new Bar(cells[1], DateOnly.ParseExact(cells[0], "yyyy-MM-dd"), Number(2), Number(3), Number(4), Number(5), Number(6));
    }
}
