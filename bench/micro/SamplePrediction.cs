using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Bench.Micro;

/// <summary>A prediction as a live market makes it.</summary>
internal static class SamplePrediction
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 21, 0, 0, TimeSpan.Zero);

    public static Prediction Make(Guid epoch, long sequence) => new()
    {
        Market = "us-equities",
        Epoch = epoch,
        Sequence = sequence,
        Timestamp = Start.AddMinutes(sequence).AddMicroseconds(123_456),
        AsOf = Start.AddDays(-1),
        EmittedAt = Start.AddMinutes(sequence),
        Origin = SnapshotOrigin.Live,
        Probabilities = [.. Enumerable.Range(0, Strategy.Count).Select(i => i == 3 ? 0.3f : 0.1f)],
        HaltProbability = 1f / 3,
        RawFeatures = FeatureVector.From([.. Enumerable.Range(1, FeatureNames.Count).Select(i => Math.PI / i)]),
        NormalizedFeatures = FeatureVector.From([.. Enumerable.Range(1, FeatureNames.Count).Select(i => Math.E / i)]),
        FeatureSet = FeatureSets.CausalV2,
        ModelVersion = "us-equities-1+0123456789ab",
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 15.0 / 16,
        Staleness = TimeSpan.FromSeconds(61.5),
        Proxies = ["put_call_ratio"],
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
}
