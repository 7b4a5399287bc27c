using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Gateway.Protocol;

namespace Trm.Bench.FanOut.Server;

/// <summary>
/// Predictions of one market whose messages all have the size of the peers' message: what a sequence's digits take, the
/// model's version gives.
/// </summary>
internal sealed class SamplePredictions(string market, Guid epoch)
{
    /// <summary>Bytes of a message, as those of <c>peers/message.json</c>.</summary>
    public const int MessageLength = 898;

    private const string Version = "1+0123456789abcdef0123456789abcdef";

    private static readonly float[] Probabilities = [0.543f, 0.101f, 0.052f, 0.001f, 0.104f, 0.107f, 0.06f, 0.032f];
    private static readonly FeatureVector Raw = FeatureVector.From([14.5, -0.02, -0.05, 1.1, 0.46, 0.28, 0.73, 0.39, 0.01, 0.98]);
    private static readonly FeatureVector Normalized = FeatureVector.From([-0.51, -0.95, -1.13, 0.42, -0.16, -0.6, -0.51, 0.09, -0.25, 0.18]);
    private static readonly DateTimeOffset AsOf = new(2022, 12, 30, 21, 0, 0, TimeSpan.Zero);

    private readonly string[] versions = new string[20]; // by a sequence's digits

    public Prediction Make(long sequence, DateTimeOffset timestamp, long emitted)
    {
        var digits = 1;
        for (var rest = sequence; rest >= 10; rest /= 10) digits++;
        versions[digits] ??= Version[..(Version.Length + MessageLength - PredictionJson.Message(Make(sequence, timestamp, emitted, Version)).Length)];
        return Make(sequence, timestamp, emitted, versions[digits]);
    }

    private Prediction Make(long sequence, DateTimeOffset timestamp, long emitted, string version) => new()
    {
        Market = market,
        Epoch = epoch,
        Sequence = sequence,
        Timestamp = timestamp,
        AsOf = AsOf,
        EmittedAt = timestamp,
        EmittedTimestamp = emitted,
        Origin = SnapshotOrigin.Replay,
        Probabilities = Probabilities,
        HaltProbability = 0.012f,
        RawFeatures = Raw,
        NormalizedFeatures = Normalized,
        FeatureSet = FeatureSets.CausalV2,
        ModelVersion = version,
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 1,
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    };
}
