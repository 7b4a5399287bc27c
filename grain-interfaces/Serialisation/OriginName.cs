using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>Origins travel by name: a number would mean another origin to a version that has one more.</summary>
internal static class OriginName
{
    public static SnapshotOrigin Parse(string name) => SnapshotOrigins.TryParse(name, out var origin)
        ? origin
        : throw new ClusterException("unknown_origin", $"'{name}' is no origin that this version knows; upgrade it");
}
