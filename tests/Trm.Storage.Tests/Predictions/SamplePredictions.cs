using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Storage.Tests.Predictions;

/// <summary>Predictions whose every field differs with the sequence.</summary>
internal static class SamplePredictions
{
    public const string Market = "us-equities";

    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 21, 0, 0, TimeSpan.Zero);

    public static Prediction Make(Guid epoch, long sequence, string market = Market) => new()
    {
        Market = market,
        Epoch = epoch,
        Sequence = sequence,
        Timestamp = Start.AddMinutes(sequence).AddMicroseconds(123_456),
        AsOf = Start.AddDays(-1),
        EmittedAt = Start.AddMinutes(sequence).AddMicroseconds(1),
        EmittedTimestamp = 99,
        Origin = (SnapshotOrigin)(sequence % 3),
        Probabilities = [.. Enumerable.Range(0, 8).Select(i => i == sequence % 8 ? 0.3f + (0.1f / sequence) : 0.1f)],
        HaltProbability = 1f / 3,
        RawFeatures = FeatureVector.From([.. Enumerable.Range(0, 10).Select(i => Math.PI * (i - 4) / sequence)]),
        NormalizedFeatures = FeatureVector.From([.. Enumerable.Range(0, 10).Select(i => Math.E * Math.Pow(10, i - 300))]),
        FeatureSet = "causal-v2",
        ModelVersion = "1.2.3-abc",
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 15.0 / 16,
        Staleness = sequence % 2 == 0 ? TimeSpan.FromMicroseconds(1_234_567) : null,
        Proxies = sequence % 2 == 0 ? ["put_call_ratio"] : [],
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    /// <summary>Everything but the process-local timestamp; lists by their elements.</summary>
    public static void AssertSame(Prediction expected, Prediction actual)
    {
        Assert.Equal(expected.Probabilities, actual.Probabilities);
        Assert.Equal(expected.Proxies, actual.Proxies);
        Assert.Equal(expected with { EmittedTimestamp = 0, Probabilities = actual.Probabilities, Proxies = actual.Proxies }, actual);
    }
}
