using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Cluster.Tests.Support;

internal static class TestPredictions
{
    /// <summary>What a market's session of the same number becomes.</summary>
    public static Prediction Of(TestMarket market, long sequence, Guid epoch, DateTimeOffset? made = null)
    {
        var snapshot = market.Snapshot(sequence, sequence);
        return new Prediction
        {
            Market = market.Id,
            Epoch = epoch,
            Sequence = sequence,
            Timestamp = made ?? TestMarket.AsOf(sequence),
            AsOf = snapshot.AsOf,
            Origin = snapshot.Origin,
            Probabilities = TestMarket.Probabilities(sequence),
            HaltProbability = 0.25f,
            RawFeatures = snapshot.Features,
            NormalizedFeatures = snapshot.Features,
            FeatureSet = FeatureSets.CausalV2,
            ModelVersion = "fake-1",
            RecursionCycles = 3,
            LatentSteps = 6,
            Quality = 1,
            TraceParent = snapshot.TraceParent,
        };
    }
}
