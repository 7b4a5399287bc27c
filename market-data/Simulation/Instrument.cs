using Trm.Core.Markets;

namespace Trm.MarketData.Simulation;

/// <summary>
/// How a member moves with the four factors and on its own. The figures of known tickers are rounded regressions
/// of their daily returns, 2010 to 2022, on SPY, TLT, UUP and GLD.
/// </summary>
/// <param name="Equity">Return for each unit of the benchmark's.</param>
/// <param name="Rates">Return for each unit of the long bond's.</param>
/// <param name="Dollar">Return for each unit of the dollar's.</param>
/// <param name="Metals">Return for each unit of gold's.</param>
/// <param name="Own">Standard deviation of its own daily return on top.</param>
/// <param name="Price">First close.</param>
/// <param name="Volume">Usual volume.</param>
internal sealed record Instrument(double Equity, double Rates, double Dollar, double Metals, double Own, double Price, double Volume)
{
    private static readonly Dictionary<string, Instrument> Known = new(StringComparer.Ordinal)
    {
        ["SPY"] = new(1.00, 0, 0, 0, 0.0004, 140, 118e6),
        ["QQQ"] = new(1.10, 0, 0, 0, 0.0048, 60, 45e6),
        ["IWM"] = new(1.15, -0.05, 0, 0, 0.0062, 85, 37e6),
        ["EEM"] = new(0.95, 0, -0.60, 0.10, 0.0075, 38, 59e6),
        ["EFA"] = new(0.90, -0.05, -0.70, 0, 0.0048, 48, 23e6),
        ["HYG"] = new(0.39, 0.03, 0, 0.02, 0.0035, 55, 14e6),
        ["LQD"] = new(0.14, 0.36, 0, 0, 0.0033, 85, 6.6e6),
        ["TLT"] = new(0, 1.00, 0, 0, 0.0003, 90, 10e6),
        ["IEF"] = new(0, 0.39, 0, 0, 0.0016, 90, 3.1e6),
        ["SHY"] = new(0, 0.04, 0, 0.01, 0.0005, 80, 2.2e6),
        ["GLD"] = new(0, 0, 0, 1.00, 0.0005, 120, 10e6),
        ["SLV"] = new(0.30, 0, 0, 1.45, 0.0105, 20, 17e6),
        ["UUP"] = new(0, 0, 1.00, 0, 0.0005, 24, 2e6),
        ["FXE"] = new(0, 0, -1.08, 0, 0.0016, 115, 0.6e6),
    };

    /// <summary>
    /// A market's roles come first, then known tickers; any other member is an equity with figures drawn for it.
    /// </summary>
    public static Instrument For(Market market, string symbol)
    {
        if (symbol == market.Benchmark) return Known["SPY"];
        if (symbol == market.Bond) return Known["TLT"];
        if (Known.TryGetValue(symbol, out var known)) return known;

        var random = new SimulationRandom(Seed(symbol));
        return new Instrument(0.7 + (0.6 * random.Uniform()), 0, 0, 0, 0.004 + (0.006 * random.Uniform()), 20 + (180 * random.Uniform()), 1e6 + (20e6 * random.Uniform()));
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static ulong Seed(string symbol)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in symbol) hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}
