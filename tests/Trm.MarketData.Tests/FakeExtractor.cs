using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;

namespace Trm.MarketData.Tests;

/// <summary>
/// Shows what it was given: <c>vix</c> is the benchmark's close and <c>spy_returns_5d</c> its sum over the last
/// sessions. Warming up until it has seen <paramref name="lookBack"/> of them; no features without the benchmark.
/// </summary>
internal sealed class FakeExtractor(Market market, int lookBack = 3, string featureSet = FeatureSets.CausalV2) : IFeatureExtractor
{
    private readonly Queue<double> closes = [];
    private DateOnly last;

    public string FeatureSet => featureSet;

    public int LookBackSessions => lookBack;

    public int Pushed { get; private set; }

    public FeatureReading Push(Session session)
    {
        if (session.Date <= last) throw new ArgumentException($"{session.Date} is not after {last}");
        last = session.Date;
        Pushed++;
        if (!session.Bars.TryGetValue(market.Benchmark, out var benchmark)) return FeatureReading.None($"no bar of {market.Benchmark}");
        closes.Enqueue(benchmark.Close);
        if (closes.Count <= lookBack) return FeatureReading.None("too little history", warmingUp: true);
        if (closes.Count > lookBack + 1) closes.Dequeue();
        var quality = (double)session.Bars.Count / market.Symbols.Count;
        return FeatureReading.Of(FeatureVector.From([benchmark.Close, closes.Sum(), 0, 0, 0, 0, 0, 0, 0, quality]), ["put_call_ratio"]);
    }
}
