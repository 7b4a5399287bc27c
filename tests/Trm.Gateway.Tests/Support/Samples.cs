using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Gateway.Tests.Support;

internal static class Samples
{
    public static readonly Guid Epoch = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static Market Market(string id) => new()
    {
        Id = id, Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"],
    };

    public static FeatureVector Features { get; } = FeatureVector.From([14.5, -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.99, 0.03, 0.95]);

    public static FeatureVector Normalized { get; } = FeatureVector.From([-0.5, -0.25, 0.125, 1, 2, 3, -1, 0, 1e-7, 0.1]);

    public static Prediction Prediction(string market = "us-equities", long sequence = 17, Guid? epoch = null) => new()
    {
        Market = market,
        Epoch = epoch ?? Epoch,
        Sequence = sequence,
        Timestamp = Start.AddMicroseconds(123_456).AddSeconds(sequence - 17),
        AsOf = new DateTimeOffset(2022, 12, 30, 21, 0, 0, TimeSpan.Zero),
        Origin = SnapshotOrigin.Replay,
        Probabilities = [0.5432f, 0.1f, 0.05f, 0.0001f, 0.1f, 0.1067f, 0.06f, 0.04f],
        HaltProbability = 0.0123f,
        RawFeatures = Features,
        NormalizedFeatures = Normalized,
        FeatureSet = FeatureSets.CausalV2,
        ModelVersion = "1.0.0+abc",
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 0.95,
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    };

    public static ModelInfo Model { get; } = new()
    {
        Name = "us-equities", Version = "1.0.0+abc", FeatureSet = FeatureSets.CausalV2,
        HiddenSize = 512, RecursionCycles = 3, LatentSteps = 6, Parameters = 1_981_449, TrainedFrom = new DateOnly(2010, 1, 4),
    };
}
