using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;

namespace Trm.MarketData.Sources;

/// <summary>What an extractor made of one session.</summary>
/// <param name="Date">The session.</param>
/// <param name="FeatureSet">The extractor's recipe.</param>
/// <param name="Reading">Its features, or why there are none.</param>
/// <param name="Present">Share of the expected inputs that are there, 0 to 1.</param>
internal sealed record SessionReading(DateOnly Date, string FeatureSet, FeatureReading Reading, double Present)
{
    /// <summary>Gives the session to the extractor.</summary>
    public static SessionReading Of(Market market, Session session, IFeatureExtractor extractor) =>
        Of(market, new SessionFeatures(session, extractor.Push(session)), extractor.FeatureSet);

    /// <summary>A session that the extractor has seen.</summary>
    public static SessionReading Of(Market market, SessionFeatures seen, string featureSet)
    {
        // causal-v2 counts its inputs itself; for the others a session's bars are what can be missing.
        var present = featureSet == FeatureSets.CausalV2 && seen.Reading.Features is { } features
            ? features[FeatureNames.SignalQuality]
            : (double)seen.Session.Bars.Count / market.Symbols.Count;
        return new SessionReading(seen.Session.Date, featureSet, seen.Reading, present);
    }
}
