using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.MarketData.Markets;
using Trm.MarketData.Simulation;

namespace Trm.MarketData.Tests.Simulation;

/// <summary>A made-up market looks like a market: what is tested is what a trader would miss first.</summary>
public sealed class SimulatedMarketTests
{
    private static readonly Market UsEquities = MarketCatalog.Default.Get("us-equities");
    private static readonly List<Session> Sessions = Simulate(UsEquities, seed: 3, count: 8_000);

    [Fact]
    public void Every_bar_would_be_taken_by_the_store_and_none_is_missing()
    {
        Assert.All(Sessions.Take(3_000), session =>
        {
            Assert.Equal(UsEquities.Symbols.Order(), session.Bars.Keys.Order());
            Assert.All(session.Bars.Values, bar => Assert.Null(BarRules.Reject(bar, UsEquities)));
        });
    }

    [Fact]
    public void Sessions_are_weekdays_in_order()
    {
        Assert.Equal(Sessions.Select(s => s.Date).Order().Distinct(), Sessions.Select(s => s.Date));
        Assert.All(Sessions, s => Assert.False(s.Date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
    }

    [Fact]
    public void The_benchmark_moves_about_one_percent_a_day_with_fat_tails()
    {
        var returns = Returns("SPY");
        var deviation = Deviation(returns);
        Assert.InRange(deviation, 0.007, 0.014);
        Assert.InRange(returns.Average(r => Math.Pow(r / deviation, 4)), 5, 40);
    }

    [Fact]
    public void Volatility_comes_in_clusters()
    {
        var sizes = Returns("SPY").Select(Math.Abs).ToArray();
        Assert.InRange(Correlation(sizes[..^1], sizes[1..]), 0.15, 0.6);
        Assert.InRange(Correlation(sizes[..^20], sizes[20..]), 0.05, 0.5);
    }

    [Fact]
    public void The_volatility_index_is_where_it_should_be_and_leaps_on_falls()
    {
        var index = Sessions.Select(s => s.Bars["VIX"].Close).ToArray();
        Assert.InRange(index.Average(), 15, 23);
        Assert.InRange(index.Min(), 9, 12.5);
        Assert.InRange(index.Max(), 40, 85.01);
        Assert.InRange(Correlation(Returns("VIX"), Returns("SPY")), -0.9, -0.5);
    }

    [Theory]
    [InlineData("SPY", "QQQ", 0.8, 0.98)]
    [InlineData("SPY", "EEM", 0.6, 0.95)]
    [InlineData("SPY", "HYG", 0.5, 0.9)]
    [InlineData("SPY", "TLT", -0.7, 0.0)]
    [InlineData("TLT", "IEF", 0.8, 0.99)]
    [InlineData("GLD", "SLV", 0.6, 0.95)]
    [InlineData("UUP", "FXE", -0.99, -0.8)]
    [InlineData("VIX", "VIXY", 0.8, 0.99)]
    public void Classes_move_together_or_apart_as_they_do(string one, string other, double low, double high) =>
        Assert.InRange(Correlation(Returns(one), Returns(other)), low, high);

    [Fact]
    public void Volumes_swell_on_large_moves()
    {
        var volumes = Sessions.Skip(1).Select(s => Math.Log(s.Bars["SPY"].Volume)).ToArray();
        Assert.InRange(Correlation(volumes, [.. Returns("SPY").Select(Math.Abs)]), 0.2, 0.8);
    }

    [Fact]
    public void A_market_of_symbols_never_heard_of_works_by_its_roles()
    {
        var market = new Market
        {
            Id = "eu", Benchmark = "STOXX", Bond = "BUND", VolatilityIndex = "VSTOXX", Members = ["BUND", "STOXX", "SAP", "ASML"],
            VolatilityProducts = ["FVS"], PutCallSymbol = "PCR",
        };
        var sessions = Simulate(market, seed: 1, count: 2_000);
        Assert.All(sessions, session =>
        {
            Assert.Equal(market.Symbols.Order(), session.Bars.Keys.Order());
            Assert.All(session.Bars.Values, bar => Assert.Null(BarRules.Reject(bar, market)));
        });
        Assert.InRange(Correlation(Returns("SAP", sessions), Returns("STOXX", sessions)), 0.5, 0.95);
        Assert.InRange(Correlation(Returns("VSTOXX", sessions), Returns("STOXX", sessions)), -0.9, -0.5);
    }

    [Fact]
    public void A_path_to_its_end_stays_finite_and_positive()
    {
        var market = new SimulatedMarket(UsEquities, SimulationRandom.For(5, 0));
        for (var i = 0; i < SimulatedSource.PathLength; i++)
        {
            foreach (var bar in market.Next().Bars.Values) Assert.True(bar.Close > 0 && double.IsFinite(bar.High) && double.IsFinite(bar.Volume));
        }
    }

    private static List<Session> Simulate(Market market, long seed, int count)
    {
        var simulated = new SimulatedMarket(market, SimulationRandom.For(seed, 0));
        return [.. Enumerable.Range(0, count).Select(_ => simulated.Next())];
    }

    private static double[] Returns(string symbol) => Returns(symbol, Sessions);

    private static double[] Returns(string symbol, List<Session> sessions)
    {
        var closes = sessions.Select(s => s.Bars[symbol].Close).ToArray();
        return [.. closes.Skip(1).Zip(closes, (now, before) => (now / before) - 1)];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Average() / (Deviation(x) * Deviation(y));
    }
}
