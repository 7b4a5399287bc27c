using Trm.Core.Bars;
using Trm.Core.Features;

namespace Trm.Core.Tests.Features;

public class CausalV2ExtractorTests
{
    private const int Warm = 61;

    [Fact]
    public void Each_feature_of_a_small_market_is_what_a_hand_computes()
    {
        // The same two-day zigzag for 60 sessions, then one session with known moves: SPY +10 %, TLT -5 %, GLD 0 %.
        var sessions = Zigzag(Warm - 1);
        var last = sessions[^1];
        sessions.Add(new Session(TestSessions.Day(Warm - 1), new Dictionary<string, Bar>
        {
            ["SPY"] = TestSessions.Bar("SPY", TestSessions.Day(Warm - 1), last.Bars["SPY"].Close * 1.10, volume: 3000),
            ["TLT"] = TestSessions.Bar("TLT", TestSessions.Day(Warm - 1), last.Bars["TLT"].Close * 0.95, volume: 1000),
            ["GLD"] = TestSessions.Bar("GLD", TestSessions.Day(Warm - 1), last.Bars["GLD"].Close, volume: 500),
            ["VIXY"] = TestSessions.Bar("VIXY", TestSessions.Day(Warm - 1), 77, volume: 1500),
            ["VIX"] = TestSessions.Bar("VIX", TestSessions.Day(Warm - 1), 24, volume: 0),
        }));

        var reading = Extractor().Last(sessions);
        var f = reading.Features!;

        Assert.Equal(24, f[FeatureNames.Vix]);
        Assert.Equal((sessions[60].Bars["SPY"].Close / sessions[55].Bars["SPY"].Close) - 1, f[FeatureNames.BenchmarkReturn5], 12);
        Assert.Equal((sessions[60].Bars["SPY"].Close / sessions[40].Bars["SPY"].Close) - 1, f[FeatureNames.BenchmarkReturn20], 12);
        Assert.Equal((3 + 1 + 0.5 + 1.5) / 4, f[FeatureNames.VolumeRatio], 12);
        Assert.Equal(1 / 3.0, f[FeatureNames.MarketBreadth], 12);
        Assert.Equal(24 / 20.0, f[FeatureNames.PutCallRatio], 12);
        // |r| sorted: 0, 0.05, 0.10; Σ(2i − n − 1)x = −2·0 + 0·0.05 + 2·0.10 over 3 · 0.15.
        Assert.Equal(0.20 / 0.45, f[FeatureNames.Gini], 12);
        // Mean 1/60; deviations 5/60, −4/60, −1/60; ddof 1.
        Assert.Equal(Math.Sqrt((25 + 16 + 1) / 3600.0 / 2), f[FeatureNames.SectorDispersion], 12);
        Assert.Equal(1, f[FeatureNames.SignalQuality]);
        Assert.Equal(["put_call_ratio"], reading.Proxies);
    }

    [Fact]
    public void Correlation_is_the_mean_over_pairs_without_the_diagonal()
    {
        // TLT mirrors SPY, GLD goes with SPY: correlations −1, 1 and −1.
        var sessions = Walks(Warm, (spy, _) => -spy, (spy, _) => spy);

        Assert.Equal(-1 / 3.0, Extractor().Last(sessions).Features![FeatureNames.Correlation], 9);
    }

    [Fact]
    public void The_fast_correlation_equals_pair_by_pair()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.UsEquities, Warm + 20, seed: 8);
        var extractor = FeatureSets.Create(FeatureSets.CausalV2, TestSessions.UsEquities);

        Assert.Equal(PairByPair(sessions, TestSessions.UsEquities.Members), extractor.Last(sessions).Features![FeatureNames.Correlation], 12);
    }

    [Fact]
    public void A_symbol_with_gaps_correlates_over_the_sessions_it_shares()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 8);
        for (var i = 0; i < 10; i++) sessions[i] = sessions[i].Without("GLD");

        Assert.Equal(PairByPair(sessions, ["SPY", "TLT", "GLD"]), Extractor().Last(sessions).Features![FeatureNames.Correlation], 12);
    }

    [Fact]
    public void A_symbol_that_shares_fewer_than_forty_returns_has_no_correlation()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 8);
        // The bar of session 20 is GLD's first: 40 returns remain. Without it 39 do.
        for (var i = 0; i < 20; i++) sessions[i] = sessions[i].Without("GLD");
        var enough = Extractor().Last(sessions).Features![FeatureNames.Correlation];
        sessions[20] = sessions[20].Without("GLD");
        var tooFew = Extractor().Last(sessions).Features![FeatureNames.Correlation];

        Assert.Equal(PairByPair(sessions, ["SPY", "TLT"]), tooFew, 12);
        Assert.NotEqual(tooFew, enough, 12);
    }

    [Fact]
    public void A_symbol_that_does_not_move_is_left_out_of_the_correlation()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 8)
            .Select((s, i) => s.With("GLD", 100 * Math.Pow(1.001, i))).ToList();

        Assert.Equal(PairByPair(sessions, ["SPY", "TLT"]), Extractor().Last(sessions).Features![FeatureNames.Correlation], 12);
    }

    [Fact]
    public void Volatility_products_and_the_index_have_no_say_in_return_features()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2);
        var plain = Extractor().Last(sessions).Features!;
        var wild = Extractor().Last(sessions.Select((s, i) => s.With("VIXY", 10 + (i % 7)))).Features!;

        Assert.Equal(plain, wild);
    }

    [Fact]
    public void Volume_ratio_is_clipped_and_leaves_out_symbols_without_a_usual_volume()
    {
        var sessions = Zigzag(Warm);
        sessions[^5] = sessions[^5].Without("GLD");
        sessions[^1] = sessions[^1].With("SPY", 100, volume: 4000).With("GLD", 100, volume: 9e9);
        Assert.Equal((4 + 1 + 1) / 3.0, Extractor().Last(sessions).Features![FeatureNames.VolumeRatio], 12);

        sessions[^1] = sessions[^1].With("SPY", 100, volume: 9e9);
        Assert.Equal(10, Extractor().Last(sessions).Features![FeatureNames.VolumeRatio]);
    }

    [Fact]
    public void A_supplied_put_call_series_is_used_and_no_proxy_flagged()
    {
        var market = TestSessions.SmallWith(putCallSymbol: "CPC");
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2).Select(s => s.With("CPC", 0.87)).ToList();
        var supplied = FeatureSets.Create(FeatureSets.CausalV2, market).Last(sessions);
        Assert.Equal(0.87, supplied.Features![FeatureNames.PutCallRatio]);
        Assert.Empty(supplied.Proxies);

        sessions[^1] = sessions[^1].Without("CPC");
        var absent = FeatureSets.Create(FeatureSets.CausalV2, market).Last(sessions);
        Assert.Equal(absent.Features![FeatureNames.Vix] / 20, absent.Features[FeatureNames.PutCallRatio]);
        Assert.Equal(["put_call_ratio"], absent.Proxies);
        Assert.Equal(5 / 6.0, absent.Features[FeatureNames.SignalQuality], 12);
    }

    [Fact]
    public void Unmoved_prices_are_perfectly_equal()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2);
        var before = sessions[^2].Bars;
        foreach (var symbol in TestSessions.Small.Members) sessions[^1] = sessions[^1].With(symbol, before[symbol].Close);

        var features = Extractor().Last(sessions).Features!;
        Assert.Equal(0, features[FeatureNames.Gini]);
        Assert.Equal(0, features[FeatureNames.SectorDispersion]);
        Assert.Equal(0, features[FeatureNames.MarketBreadth]);
    }

    [Fact]
    public void A_missing_symbol_lowers_quality_and_its_return_waits_for_two_bars()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm + 1, seed: 2);
        sessions[^2] = sessions[^2].Without("GLD");
        var extractor = Extractor();

        var without = extractor.Last(sessions.SkipLast(1)).Features!;
        Assert.Equal(0.8, without[FeatureNames.SignalQuality], 12);

        var back = extractor.Push(sessions[^1]).Features!;
        Assert.Equal(1, back[FeatureNames.SignalQuality]);
        Assert.Equal(Math.Abs(Return(sessions, "SPY") - Return(sessions, "TLT")) / Math.Sqrt(2), back[FeatureNames.SectorDispersion], 12);
    }

    [Theory]
    [InlineData(0, "VIX", "vix: no VIX bar on 2020-03-01")]
    [InlineData(0, "SPY", "spy_returns_5d: no SPY bar on 2020-03-01")]
    [InlineData(5, "SPY", "spy_returns_5d: no SPY bar on 2020-02-25")]
    [InlineData(20, "SPY", "spy_returns_20d: no SPY bar on 2020-02-10")]
    [InlineData(0, "TLT GLD", "gini_coefficient: 1 symbols have a bar on both 2020-02-29 and 2020-03-01, 2 are needed")]
    [InlineData(1, "SPY TLT GLD", "market_breadth: 0 symbols have a bar on both 2020-02-29 and 2020-03-01, 2 are needed")]
    public void What_is_missing_is_named_and_the_next_session_works(int ago, string symbols, string reason)
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm + 21, seed: 2);
        sessions[Warm - 1 - ago] = sessions[Warm - 1 - ago].Without(symbols.Split(' '));
        var extractor = Extractor();

        var reading = extractor.Last(sessions.Take(Warm));
        Assert.Null(reading.Features);
        Assert.Equal(reason, reading.Reason);
        Assert.False(reading.IsWarmingUp);

        Assert.NotNull(extractor.Last(sessions.Skip(Warm)).Features);
    }

    [Fact]
    public void Symbols_that_never_vary_give_no_correlation()
    {
        var still = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2).Select(s => s.With("TLT", 90).With("GLD", 120));

        Assert.Equal("correlation: no two symbols that vary share 40 of the last 60 returns", Extractor().Last(still).Reason);
    }

    [Fact]
    public void No_volume_anywhere_is_named()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2);
        sessions = [.. sessions.Select(s => s with { Bars = s.Bars.ToDictionary(b => b.Key, b => b.Value with { Volume = 0 }) })];

        Assert.StartsWith("volume_ratio: no symbol has volume", Extractor().Last(sessions).Reason);
    }

    [Fact]
    public void It_warms_up_for_sixty_sessions()
    {
        var readings = TestSessions.RandomWalk(TestSessions.Small, Warm, seed: 2).Select(Extractor().Push).ToList();

        Assert.All(readings.SkipLast(1), r => Assert.True(r.IsWarmingUp));
        Assert.Equal("warming up: 60 of 61 sessions seen", readings[^2].Reason);
        Assert.NotNull(readings[^1].Features);
    }

    [Fact]
    public void Real_bars_give_features_for_every_session_after_the_warm_up()
    {
        var extractor = FeatureSets.Create(FeatureSets.CausalV2, TestSessions.UsEquities);
        var readings = TestSessions.RealSessions().Select(extractor.Push).ToList();

        Assert.All(readings.Skip(60), r => Assert.NotNull(r.Features));
        // The index's volatility product was listed a year after the data starts.
        Assert.Equal(15 / 16.0, readings[60].Features![FeatureNames.SignalQuality], 12);
        Assert.Equal(1, readings[^1].Features![FeatureNames.SignalQuality]);
    }

    private static IFeatureExtractor Extractor() => FeatureSets.Create(FeatureSets.CausalV2, TestSessions.Small);

    /// <summary>Closes that go up and down, volumes that never change.</summary>
    private static List<Session> Zigzag(int count) => Walks(count, (_, i) => i % 3 == 0 ? 0.01 : -0.004, (_, i) => i % 5 == 0 ? 0.02 : -0.005);

    private static List<Session> Walks(int count, Func<double, int, double> bond, Func<double, int, double> gold)
    {
        double spy = 100, tlt = 100, gld = 100;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var move = i % 2 == 0 ? 0.01 : -0.008;
            (spy, tlt, gld) = (spy * (1 + move), tlt * (1 + bond(move, i)), gld * (1 + gold(move, i)));
            var date = TestSessions.Day(i);
            Bar[] bars =
            [
                TestSessions.Bar("SPY", date, spy), TestSessions.Bar("TLT", date, tlt), TestSessions.Bar("GLD", date, gld),
                TestSessions.Bar("VIXY", date, 20), TestSessions.Bar("VIX", date, 15, volume: 0),
            ];
            return new Session(date, bars.ToDictionary(b => b.Symbol));
        })];
    }

    private static double Return(List<Session> sessions, string symbol) =>
        (sessions[^1].Bars[symbol].Close / sessions[^2].Bars[symbol].Close) - 1;

    /// <summary>The mean correlation in its textbook form, over the last 60 returns.</summary>
    private static double PairByPair(List<Session> sessions, IReadOnlyList<string> symbols)
    {
        var window = sessions[^Warm..];
        var pairs = from x in symbols from y in symbols where string.CompareOrdinal(x, y) < 0 select Pearson(x, y);
        return pairs.Average();

        double Pearson(string x, string y)
        {
            var common = Enumerable.Range(1, 60).Where(i => new[] { x, y }.All(s =>
                window[i].Bars.ContainsKey(s) && window[i - 1].Bars.ContainsKey(s))).ToList();
            double R(string s, int i) => (window[i].Bars[s].Close / window[i - 1].Bars[s].Close) - 1;
            double mx = common.Average(i => R(x, i)), my = common.Average(i => R(y, i));
            var xy = common.Sum(i => (R(x, i) - mx) * (R(y, i) - my));
            return xy / Math.Sqrt(common.Sum(i => Math.Pow(R(x, i) - mx, 2)) * common.Sum(i => Math.Pow(R(y, i) - my, 2)));
        }
    }
}
