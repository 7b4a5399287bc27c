using Trm.Core.Features;
using Trm.Core.Snapshots;

namespace Trm.Core.Predictions;

/// <summary>The outcome of one snapshot, as it is logged and pushed.</summary>
public sealed record Prediction
{
    /// <summary>Market id.</summary>
    public required string Market { get; init; }

    /// <summary>The log it belongs to; changes when the market's log starts over.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>Per market and epoch 1, 2, 3 … without holes.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was made, UTC, microseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The instant its bars speak of.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Where its bars came from.</summary>
    public required SnapshotOrigin Origin { get; init; }

    /// <summary>Eight probabilities by strategy id.</summary>
    public required IReadOnlyList<float> Probabilities { get; init; }

    /// <summary>0 to 1.</summary>
    public required float HaltProbability { get; init; }

    /// <summary>The ten raw features.</summary>
    public required FeatureVector RawFeatures { get; init; }

    /// <summary>The ten z-scores the model saw.</summary>
    public required FeatureVector NormalizedFeatures { get; init; }

    /// <summary>The recipe of the features.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>Version of the model that made it.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The model's cycles T.</summary>
    public required int RecursionCycles { get; init; }

    /// <summary>The model's latent steps n.</summary>
    public required int LatentSteps { get; init; }

    /// <summary>Share of expected inputs present and fresh, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>Age of the bars when it was made (live), else null.</summary>
    public TimeSpan? Staleness { get; init; }

    /// <summary>Features that a proxy stood in for, by name.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>W3C traceparent of the tick.</summary>
    public required string TraceParent { get; init; }

    /// <summary>When its snapshot was emitted.</summary>
    public DateTimeOffset EmittedAt { get; init; }

    /// <summary><see cref="Snapshot.EmittedTimestamp"/>; 0 when read from the log.</summary>
    public long EmittedTimestamp { get; init; }

    /// <summary>The most probable strategy; the lower id on a tie.</summary>
    public Strategy Strategy => Strategy.MostProbable(Probabilities);

    /// <summary>The strategy's probability.</summary>
    public float Confidence => Probabilities[Strategy.Id];

    /// <summary>T·(n+1)·2.</summary>
    public int EffectiveDepth => ModelInfo.DepthOf(RecursionCycles, LatentSteps);

    /// <summary>The trace that follows it from source to socket: 32 hex digits.</summary>
    public string TraceId => TraceParent.Length == 55 ? TraceParent.Substring(3, 32) : "";
}
