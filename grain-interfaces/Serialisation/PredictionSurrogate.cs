using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="Prediction"/> between processes. Its timestamp for durations means nothing in another process and stays behind.</summary>
[GenerateSerializer]
[Alias("trm.prediction")]
internal struct PredictionSurrogate
{
    [Id(0)] public string Market;
    [Id(1)] public Guid Epoch;
    [Id(2)] public long Sequence;
    [Id(3)] public DateTimeOffset Timestamp;
    [Id(4)] public DateTimeOffset AsOf;
    [Id(5)] public string Origin;
    [Id(6)] public float[] Probabilities;
    [Id(7)] public float HaltProbability;
    [Id(8)] public FeatureVector RawFeatures;
    [Id(9)] public FeatureVector NormalizedFeatures;
    [Id(10)] public string FeatureSet;
    [Id(11)] public string ModelVersion;
    [Id(12)] public int RecursionCycles;
    [Id(13)] public int LatentSteps;
    [Id(14)] public double Quality;
    [Id(15)] public TimeSpan? Staleness;
    [Id(16)] public string[] Proxies;
    [Id(17)] public string TraceParent;
    [Id(18)] public DateTimeOffset EmittedAt;
}

[RegisterConverter]
internal sealed class PredictionConverter : IConverter<Prediction, PredictionSurrogate>
{
    public Prediction ConvertFromSurrogate(in PredictionSurrogate surrogate) => new()
    {
        Market = surrogate.Market,
        Epoch = surrogate.Epoch,
        Sequence = surrogate.Sequence,
        Timestamp = surrogate.Timestamp,
        AsOf = surrogate.AsOf,
        Origin = OriginName.Parse(surrogate.Origin),
        Probabilities = surrogate.Probabilities,
        HaltProbability = surrogate.HaltProbability,
        RawFeatures = surrogate.RawFeatures,
        NormalizedFeatures = surrogate.NormalizedFeatures,
        FeatureSet = surrogate.FeatureSet,
        ModelVersion = surrogate.ModelVersion,
        RecursionCycles = surrogate.RecursionCycles,
        LatentSteps = surrogate.LatentSteps,
        Quality = surrogate.Quality,
        Staleness = surrogate.Staleness,
        Proxies = surrogate.Proxies,
        TraceParent = surrogate.TraceParent,
        EmittedAt = surrogate.EmittedAt,
    };

    public PredictionSurrogate ConvertToSurrogate(in Prediction value) => new()
    {
        Market = value.Market,
        Epoch = value.Epoch,
        Sequence = value.Sequence,
        Timestamp = value.Timestamp,
        AsOf = value.AsOf,
        Origin = value.Origin.WireName(),
        Probabilities = [.. value.Probabilities],
        HaltProbability = value.HaltProbability,
        RawFeatures = value.RawFeatures,
        NormalizedFeatures = value.NormalizedFeatures,
        FeatureSet = value.FeatureSet,
        ModelVersion = value.ModelVersion,
        RecursionCycles = value.RecursionCycles,
        LatentSteps = value.LatentSteps,
        Quality = value.Quality,
        Staleness = value.Staleness,
        Proxies = [.. value.Proxies],
        TraceParent = value.TraceParent,
        EmittedAt = value.EmittedAt,
    };
}
