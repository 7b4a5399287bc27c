using Trm.Core.Features;
using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="Snapshot"/> between processes. Its timestamp for durations means nothing in another process and stays behind.</summary>
[GenerateSerializer]
[Alias("trm.snapshot")]
internal struct SnapshotSurrogate
{
    [Id(0)] public string Market;
    [Id(1)] public long Sequence;
    [Id(2)] public DateTimeOffset AsOf;
    [Id(3)] public DateTimeOffset EmittedAt;
    [Id(4)] public string Origin;
    [Id(5)] public string FeatureSet;
    [Id(6)] public FeatureVector Features;
    [Id(7)] public double Quality;
    [Id(8)] public TimeSpan? Staleness;
    [Id(9)] public string[] Proxies;
    [Id(10)] public string TraceParent;
}

[RegisterConverter]
internal sealed class SnapshotConverter : IConverter<Snapshot, SnapshotSurrogate>
{
    public Snapshot ConvertFromSurrogate(in SnapshotSurrogate surrogate) => new()
    {
        Market = surrogate.Market,
        Sequence = surrogate.Sequence,
        AsOf = surrogate.AsOf,
        EmittedAt = surrogate.EmittedAt,
        Origin = OriginName.Parse(surrogate.Origin),
        FeatureSet = surrogate.FeatureSet,
        Features = surrogate.Features,
        Quality = surrogate.Quality,
        Staleness = surrogate.Staleness,
        Proxies = surrogate.Proxies,
        TraceParent = surrogate.TraceParent,
    };

    public SnapshotSurrogate ConvertToSurrogate(in Snapshot value) => new()
    {
        Market = value.Market,
        Sequence = value.Sequence,
        AsOf = value.AsOf,
        EmittedAt = value.EmittedAt,
        Origin = value.Origin.WireName(),
        FeatureSet = value.FeatureSet,
        Features = value.Features,
        Quality = value.Quality,
        Staleness = value.Staleness,
        Proxies = [.. value.Proxies],
        TraceParent = value.TraceParent,
    };
}
