using Trm.Core.Bars;
using Trm.Core.Drift;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Cluster.Tests.GrainInterfaces.Serialisation;

/// <summary>One of each type that travels, no member of which is what it would be when it were left out.</summary>
internal static class Contracts
{
    private static readonly Guid Epoch = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly DateTimeOffset Instant = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    // Numbers that show a lost bit: the last place, the least, the largest, minus zero.
    private static readonly FeatureVector Features = FeatureVector.From(
        [0.1 + 0.2, double.Epsilon, double.MaxValue, -0.0, 1 / 3d, -1e-300, Math.BitIncrement(1), double.MinValue, 123_456_789.123_456_79, 1]);

    private static readonly FeatureVector Normalized = FeatureVector.From([-0.5, 1e-7, 3, 4, 5, 6, 7, 8, 9, Math.PI]);

    private static readonly float[] Probabilities = [0.1f + 0.2f, float.Epsilon, -0.0f, MathF.BitIncrement(0.1f), 1 / 3f, 0.25f, 0.05f, 0.05f];

    public static Prediction Prediction { get; } = new()
    {
        Market = "us-equities",
        Epoch = Epoch,
        Sequence = long.MaxValue - 1,
        Timestamp = Instant,
        AsOf = Instant.AddDays(-1),
        Origin = SnapshotOrigin.Simulated,
        Probabilities = Probabilities,
        HaltProbability = MathF.BitDecrement(0.3f),
        RawFeatures = Features,
        NormalizedFeatures = Normalized,
        FeatureSet = FeatureSets.CausalV2,
        ModelVersion = "1.0.0+abc",
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 0.1 + 0.7,
        Staleness = TimeSpan.FromTicks(123_456_789),
        Proxies = ["put_call_ratio", "vix"],
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        EmittedAt = Instant.AddSeconds(-1),
    };

    public static Snapshot Snapshot { get; } = new()
    {
        Market = "us-equities",
        Sequence = 17,
        AsOf = Instant,
        EmittedAt = Instant.AddSeconds(1),
        Origin = SnapshotOrigin.Replay,
        FeatureSet = FeatureSets.LegacyV1,
        Features = Features,
        Quality = 0.1 + 0.7,
        Staleness = TimeSpan.FromTicks(-1),
        Proxies = ["put_call_ratio"],
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };

    public static IReadOnlyList<object> All { get; } =
    [
        Features,
        Snapshot,
        Prediction,
        new PredictionError("m", "invalid_features", "a message with ü and 🙂", Instant),
        new LogHead(Epoch, Prediction),
        new LogQuery { After = 1, Before = 2, From = Instant, To = Instant.AddDays(1), Limit = 7, Newest = true },
        new PredictionSummary { TotalPredictions = 5_000_000_000, RecentCount = 3, StrategyDistribution = [1, 2, 3, 4, 5, 6, 7, 8], AverageConfidence = 1 / 3d, Last = Prediction, Outcomes = Digest, Drift = Drift },
        Digest,
        Drift,
        new OutcomeQuery { After = Session, Before = Session.AddDays(9), SettledBy = Session.AddDays(7), ModelVersion = "1.0.0+abc", Limit = 7 },
        Rule,
        Outcome,
        Judged,
        new OutcomePage(Rule, [Judged], [Judged, Judged with { Sequence = 2 }], "no reason"),
        Model,
        new ModelOutput(Normalized, Probabilities, 0.3f, Model),
        new Market
        {
            Id = "m", Name = "A market", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT", "QQQ"],
            VolatilityProducts = ["VIXY"], PutCallSymbol = "PCR", TimeZone = "Europe/Berlin", SessionClose = new TimeOnly(17, 35, 1), FreshFor = TimeSpan.FromHours(7.5),
        },
        new Bar("SPY", new DateOnly(2026, 11, 20), 0.1 + 0.2, double.MaxValue, double.Epsilon, 1 / 3d, 123_456_789.123_456_79),
        new SnapshotEvent(Snapshot, Epoch),
        new PendingSnapshots(Epoch, [Snapshot, Snapshot with { Sequence = 18 }]),
        new SourceStatus("live", 4, 3, TimeSpan.FromSeconds(1.5), "the end", "silo-1"),
        new BarReceipt(1, 2, 3, 4, [new RefusedBar(5, "no close")]),
        new RefusedBar(6, "no open"),
        new FeedEvent(Prediction, new PredictionError("m", "code", "message", Instant)),
        new AppendReply(AppendResult.EpochChanged, Epoch, 9),
        AppendResult.Gap,
        new ClusterException("some_code", "for the log", "for everybody"),
    ];

    /// <summary>What may be absent is absent.</summary>
    public static IReadOnlyList<object> Bare { get; } =
    [
        Snapshot with { Staleness = null, Proxies = [] },
        Prediction with { Staleness = null, Proxies = [] },
        new LogHead(Epoch, null),
        new LogQuery(),
        new OutcomeQuery(),
        new OutcomePage(Rule, [], []),
        new PredictionSummary { TotalPredictions = 0, RecentCount = 0, StrategyDistribution = new int[8], AverageConfidence = 0, Last = null },
        Model with { TrainedFrom = null, TrainedTo = null },
        new Market { Id = "m", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"] },
        new SourceStatus("", 0, 0, TimeSpan.Zero, null, "silo-1"),
        new FeedEvent(null, null),
        new PendingSnapshots(Guid.Empty, []),
    ];

    private static DateOnly Session => new(2026, 11, 20);

    private static OutcomeRule Rule => new("utility-v1", 5, 0.1 + 0.2, 1 / 3d, double.Epsilon);

    private static SessionOutcome Outcome => new(Session, Session.AddDays(7), [0.1 + 0.2, -0.0, 1 / 3d, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, double.MinValue]);

    private static JudgedPrediction Judged => new(Epoch, 5_000_000_000, "1.0.0+abc", Probabilities, Outcome);

    private static OutcomeDigest Digest => new("1.0.0+abc", 63, 1 / 3d, 0.1 + 0.2, double.Epsilon, -0.25);

    private static DriftReport Drift => new(250, new Dictionary<string, double> { ["vix"] = 0.1 + 0.2, ["correlation"] = double.Epsilon });

    private static ModelInfo Model => new()
    {
        Name = "us-equities", Version = "1.0.0+abc", FeatureSet = FeatureSets.CausalV2, HiddenSize = 512, RecursionCycles = 3, LatentSteps = 6,
        Parameters = 5_000_000_000, TrainedFrom = new DateOnly(2010, 1, 4), TrainedTo = new DateOnly(2018, 12, 31),
    };
}
