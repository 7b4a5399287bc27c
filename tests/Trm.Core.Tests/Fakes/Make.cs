using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;

namespace Trm.Core.Tests.Fakes;

internal static class Make
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Market Market(params string[] members) => new()
    {
        Id = "m", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = members.Length == 0 ? ["SPY", "TLT"] : members,
    };

    public static Snapshot Snapshot(long sequence, string featureSet = FeatureSets.CausalV2) => new()
    {
        Market = "m",
        Sequence = sequence,
        AsOf = Noon.AddDays(sequence),
        EmittedAt = Noon,
        Origin = SnapshotOrigin.Replay,
        FeatureSet = featureSet,
        Features = FeatureVector.From([20, 0.01, 0.02, 1, 0.5, 0.3, 1, 0.4, 0.01, 1]),
        Quality = 1,
        TraceParent = TrmTelemetry.TraceParentOf(null),
    };
}
