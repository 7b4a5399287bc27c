using BenchmarkDotNet.Attributes;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.MarketData.Markets;

namespace Trm.Bench.Micro.Features;

/// <summary>One session's ten features, once an extractor has seen the sessions that it looks back over.</summary>
public class FeatureBenchmarks
{
    private const int Sessions = 4_096;

    private readonly Market market = MarketCatalog.Default.Get("us-equities");
    private Session[] sessions = [];
    private IFeatureExtractor causal = null!;
    private IFeatureExtractor legacy = null!;
    private int causalNext;
    private int legacyNext;

    [GlobalSetup]
    public void SetUp() => sessions = [.. Enumerable.Range(0, Sessions).Select(Make)];

    [Benchmark(Baseline = true)]
    public FeatureReading CausalV2() => Push(ref causal, ref causalNext, FeatureSets.CausalV2);

    [Benchmark]
    public FeatureReading LegacyV1() => Push(ref legacy, ref legacyNext, FeatureSets.LegacyV1);

    // Sessions must come in date order, so from time to time it starts over: once in four thousand, which does not show.
    private FeatureReading Push(ref IFeatureExtractor extractor, ref int next, string featureSet)
    {
        if (next == 0) extractor = FeatureSets.Create(featureSet, market);
        var session = sessions[next];
        next = (next + 1) % Sessions;
        return extractor.Push(session);
    }

    private Session Make(int day)
    {
        var date = new DateOnly(2000, 1, 3).AddDays(day);
        return new Session(date, market.Symbols.Select((symbol, i) => Bar(symbol, date, 100 + 10 * Math.Sin(day * (0.1 + 0.01 * i)))).ToDictionary(b => b.Symbol));
    }

    private static Bar Bar(string symbol, DateOnly date, double close) => new(symbol, date, close, close, close, close, 1_000 + close);
}
