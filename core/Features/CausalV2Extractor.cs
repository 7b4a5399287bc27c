using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Features;

/// <summary>
/// <c>causal-v2</c>: features of a session from that session and the 60 before it. Nothing is filled: what cannot be
/// computed is reported, and the next session starts afresh.
/// </summary>
internal sealed class CausalV2Extractor : IFeatureExtractor
{
    private const int CorrelationReturns = 60;
    private const int CommonReturnsNeeded = 40;
    private const int UsualVolumeSessions = 20;
    private const double LargestVolumeRatio = 10;
    private static readonly string[] PutCallProxy = [FeatureNames.All[FeatureNames.PutCallRatio]];

    private readonly Market market;
    private readonly SessionWindow window;
    private readonly MeanCorrelation meanCorrelation;
    private readonly int[] members;
    private readonly int[] traded;
    private readonly int benchmark;
    private readonly int volatilityIndex;
    private readonly int putCall;

    // Member after member, each in time order: the order of every sum, whatever slot of the ring a session lies in.
    private readonly double[] returns;
    private readonly double[] today;
    private readonly double[] moves;
    private int todayCount;

    public CausalV2Extractor(Market market)
    {
        this.market = market;
        window = new SessionWindow(market, LookBackSessions + 1);
        benchmark = window.IndexOf(market.Benchmark);
        volatilityIndex = window.IndexOf(market.VolatilityIndex);
        putCall = window.IndexOf(market.PutCallSymbol);

        // Volatility products have a volume like any other, but their returns mirror the market's. The indices
        // have neither.
        string?[] indices = [market.VolatilityIndex, market.PutCallSymbol];
        traded = [.. market.Symbols.Except(indices).Select(window.IndexOf)];
        members = [.. market.Members.Except(indices).Except(market.VolatilityProducts).Select(window.IndexOf)];

        meanCorrelation = new MeanCorrelation(members.Length, CorrelationReturns, CommonReturnsNeeded);
        returns = new double[members.Length * CorrelationReturns];
        today = new double[members.Length];
        moves = new double[members.Length];
    }

    public string FeatureSet => FeatureSets.CausalV2;

    /// <summary>60 returns need the close before the first of them; everything else looks back less.</summary>
    public int LookBackSessions => CorrelationReturns;

    public FeatureReading Push(Session session)
    {
        window.Push(session);
        if (window.Count <= LookBackSessions)
            return FeatureReading.None($"warming up: {window.Count} of {LookBackSessions + 1} sessions seen", warmingUp: true);

        ReadReturns();
        Span<double> features = stackalloc double[FeatureNames.Count];
        features[FeatureNames.Vix] = window.Close(volatilityIndex, 0);
        features[FeatureNames.BenchmarkReturn5] = window.Return(benchmark, 0, span: 5);
        features[FeatureNames.BenchmarkReturn20] = window.Return(benchmark, 0, span: 20);
        features[FeatureNames.VolumeRatio] = VolumeRatio();
        features[FeatureNames.MarketBreadth] = Breadth();
        features[FeatureNames.Correlation] = meanCorrelation.Of(returns);
        features[FeatureNames.PutCallRatio] = PutCallRatio(out var proxies);
        features[FeatureNames.Gini] = Gini();
        features[FeatureNames.SectorDispersion] = Statistics.SampleDeviation(today.AsSpan(0, todayCount));
        features[FeatureNames.SignalQuality] = SharePresent(session);

        for (var i = 0; i < FeatureNames.Count; i++)
        {
            if (double.IsFinite(features[i])) continue;
            var why = double.IsNaN(features[i]) ? WhyMissing(i) : "not a finite number";
            return FeatureReading.None($"{FeatureNames.All[i]}: {why}");
        }
        return FeatureReading.Of(FeatureVector.From(features), proxies);
    }

    private void ReadReturns()
    {
        todayCount = 0;
        for (var m = 0; m < members.Length; m++)
        {
            var row = returns.AsSpan(m * CorrelationReturns, CorrelationReturns);
            for (var i = 0; i < row.Length; i++) row[i] = window.Return(members[m], ago: row.Length - 1 - i);
            if (!double.IsNaN(row[^1])) today[todayCount++] = row[^1];
        }
    }

    /// <summary>
    /// Mean over the traded symbols that have a bar now and in each of the 20 sessions before, with some volume there.
    /// </summary>
    private double VolumeRatio()
    {
        var sum = 0.0;
        var count = 0;
        foreach (var symbol in traded)
        {
            var before = 0.0;
            for (var ago = UsualVolumeSessions; ago > 0; ago--) before += window.Volume(symbol, ago);
            var ratio = window.Volume(symbol, 0) / (before / UsualVolumeSessions);
            if (!(before > 0) || double.IsNaN(ratio)) continue;
            sum += ratio;
            count++;
        }
        return Math.Clamp(sum / count, 0, LargestVolumeRatio);
    }

    private double Breadth()
    {
        var rose = 0;
        foreach (var value in today.AsSpan(0, todayCount))
        {
            if (value > 0) rose++;
        }
        return (double)rose / todayCount;
    }

    private double PutCallRatio(out string[] proxies)
    {
        var supplied = putCall < 0 ? double.NaN : window.Close(putCall, 0);
        proxies = double.IsNaN(supplied) ? PutCallProxy : [];
        return double.IsNaN(supplied) ? window.Close(volatilityIndex, 0) / 20 : supplied;
    }

    private double Gini()
    {
        for (var i = 0; i < todayCount; i++) moves[i] = Math.Abs(today[i]);
        return Statistics.Gini(moves.AsSpan(0, todayCount));
    }

    private double SharePresent(Session session) =>
        (double)market.Symbols.Count(session.Bars.ContainsKey) / market.Symbols.Count;

    private string WhyMissing(int feature) => feature switch
    {
        FeatureNames.Vix or FeatureNames.PutCallRatio => NoBar(market.VolatilityIndex, 0),
        FeatureNames.BenchmarkReturn5 => NoBar(market.Benchmark, double.IsNaN(window.Close(benchmark, 0)) ? 0 : 5),
        FeatureNames.BenchmarkReturn20 => NoBar(market.Benchmark, double.IsNaN(window.Close(benchmark, 0)) ? 0 : 20),
        FeatureNames.VolumeRatio => $"no symbol has volume in the {UsualVolumeSessions} sessions before {Day(0)} and a bar on it",
        FeatureNames.Correlation => $"no two symbols that vary share {CommonReturnsNeeded} of the last {CorrelationReturns} returns",
        _ => $"{todayCount} symbols have a bar on both {Day(1)} and {Day(0)}, 2 are needed",
    };

    private string NoBar(string symbol, int ago) => $"no {symbol} bar on {Day(ago)}";

    private string Day(int ago) => $"{window.Date(ago):yyyy-MM-dd}";
}
