using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Simulation;

/// <summary>
/// One endless path of a made-up market, a session at a time. The benchmark follows a regime-switching GARCH with
/// leverage (Glosten, Jagannathan, Runkle 1993): falls raise tomorrow's volatility more than rises do. Bonds, the
/// dollar and gold are tied to it by ties that wander over the years; members load on these four. The volatility
/// index leaps on falls and drifts back to what the volatility warrants, and volumes swell on large moves. The
/// constants were set so that the features' means and spreads come near those of US markets, 2010 to 2022.
/// </summary>
internal sealed class SimulatedMarket
{
    // GARCH: the weights of the regime's variance, of the last squared shock (and of a negative one on top), of the last variance.
    private const double ShockWeight = 0.03, FallWeight = 0.12, MemoryWeight = 0.82;
    private const double RegimeWeight = 1 - ShockWeight - (FallWeight / 2) - MemoryWeight;

    private const double UsualVolatility = 0.0085;
    private const double BondVolatility = 0.0088, DollarVolatility = 0.0045, GoldVolatility = 0.0090;
    private const double SessionsPerYear = 252;

    // The tie of bonds to equities is mostly a hedge, and now and then (2022) the opposite; it changes over half a year.
    private const double TieReversion = 0.006;

    private readonly Market market;
    private readonly SimulationRandom random;
    private readonly Instrument[] instruments;
    private readonly double[] closes;
    private readonly double[] productCloses;

    private Regime regime = Regime.Calm;
    private double variance = Regime.Calm.Volatility * Regime.Calm.Volatility;
    private double logIndex = Math.Log(16);
    private double tie;
    private DateOnly date = new(2000, 1, 2);

    public SimulatedMarket(Market market, SimulationRandom random)
    {
        this.market = market;
        this.random = random;
        instruments = [.. market.Members.Select(symbol => Instrument.For(market, symbol))];
        closes = [.. instruments.Select(i => i.Price)];
        productCloses = [.. market.VolatilityProducts.Select(_ => 50.0)];
    }

    /// <summary>The next session: every symbol of the market has a bar.</summary>
    public Session Next()
    {
        NextWeekday();
        regime = regime.Next(random);
        var volatility = Math.Sqrt(variance);
        var equity = random.Normal();
        var shock = volatility * equity;
        var moves = Factors(equity, volatility);
        variance = (RegimeWeight * regime.Volatility * regime.Volatility)
            + ((ShockWeight + (shock < 0 ? FallWeight : 0)) * shock * shock)
            + (MemoryWeight * variance);

        var bars = new Dictionary<string, Bar>(market.Symbols.Count, StringComparer.Ordinal);
        AddMembers(bars, moves, volatility, VolumeOfAll(equity, volatility));
        AddVolatility(bars, shock);
        return new Session(date, bars);
    }

    private (double Equity, double Rates, double Dollar, double Metals) Factors(double equity, double volatility)
    {
        // Other factors calm down and heat up with the benchmark, less than it does.
        var heat = 0.7 + (0.3 * volatility / UsualVolatility);
        tie += (-TieReversion * tie) + (Math.Sqrt(2 * TieReversion) * random.Normal());
        double bond = random.Normal(), dollar = random.Normal(), gold = random.Normal();
        return (
            regime.Drift + (volatility * equity),
            0.0001 + (BondVolatility * heat * Tied(-0.38 + (0.32 * tie), bond)),
            DollarVolatility * heat * Tied(-0.22 - (0.22 * tie), dollar),
            0.0001 + (GoldVolatility * heat * Tied(0.06 + (0.20 * tie), (0.25 * bond) - (0.40 * dollar) + (0.88 * gold))));

        double Tied(double correlation, double own)
        {
            var bounded = Math.Clamp(correlation, -0.8, 0.8);
            return (bounded * equity) + (Math.Sqrt(1 - (bounded * bounded)) * own);
        }
    }

    private void AddMembers(Dictionary<string, Bar> bars, (double Equity, double Rates, double Dollar, double Metals) moves, double volatility, double volume)
    {
        var heat = 0.6 + (0.4 * volatility / UsualVolatility);
        for (var i = 0; i < instruments.Length; i++)
        {
            var member = instruments[i];
            var move = (member.Equity * moves.Equity) + (member.Rates * moves.Rates) + (member.Dollar * moves.Dollar)
                + (member.Metals * moves.Metals) + (member.Own * heat * random.Normal());
            var before = closes[i];
            closes[i] = before * Math.Exp(move);
            bars[market.Members[i]] = Draw(market.Members[i], before, closes[i], Math.Max(Math.Abs(move), 0.0005), member.Volume * volume * Math.Exp(0.30 * random.Normal()));
        }
    }

    private void AddVolatility(Dictionary<string, Bar> bars, double shock)
    {
        var warranted = 4.5 + (Math.Sqrt(variance * SessionsPerYear) * 100);
        var before = logIndex;
        logIndex = Math.Clamp(
            logIndex + (0.07 * (Math.Log(warranted) - logIndex)) - (5.2 * shock) + (0.045 * random.Normal()), Math.Log(9), Math.Log(85));
        var index = Math.Exp(logIndex);
        bars[market.VolatilityIndex] = Draw(market.VolatilityIndex, Math.Exp(before), index, 0.04, 0);

        for (var i = 0; i < productCloses.Length; i++)
        {
            var last = productCloses[i];
            productCloses[i] = last * Math.Exp((0.5 * (logIndex - before)) + (0.012 * random.Normal()));
            bars[market.VolatilityProducts[i]] = Draw(market.VolatilityProducts[i], last, productCloses[i], 0.02, 7e6 * Math.Exp(0.3 * random.Normal()));
        }
        if (market.PutCallSymbol is { } putCall)
        {
            var ratio = Math.Clamp(0.95 * Math.Pow(index / 18, 0.4) * Math.Exp(0.1 * random.Normal()), 0.4, 2.5);
            bars[putCall] = new Bar(putCall, date, ratio, ratio, ratio, ratio, 0);
        }
    }

    // All members trade more when the benchmark moves a lot, and when it has been moving a lot.
    private double VolumeOfAll(double equity, double volatility) =>
        Math.Exp((0.24 * random.Normal()) + (0.28 * (Math.Abs(equity) - 0.8)) + (0.5 * Math.Log(volatility / UsualVolatility)));

    private Bar Draw(string symbol, double before, double close, double range, double volume)
    {
        var open = before * Math.Exp((0.4 * Math.Log(close / before)) + (0.3 * range * random.Normal()));
        var high = Math.Max(open, close) * Math.Exp(0.4 * range * Math.Abs(random.Normal()));
        var low = Math.Min(open, close) * Math.Exp(-0.4 * range * Math.Abs(random.Normal()));
        return new Bar(symbol, date, open, high, low, close, Math.Round(volume));
    }

    private void NextWeekday()
    {
        do date = date.AddDays(1);
        while (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
    }
}
