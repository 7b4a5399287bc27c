using Trm.Core.Features;

namespace Trm.Core.Snapshots;

/// <summary>What a market looked like at one tick: the input of one prediction.</summary>
public sealed record Snapshot
{
    /// <summary>Market id.</summary>
    public required string Market { get; init; }

    /// <summary>Per market 1, 2, 3 … without holes: the sequence of the prediction it becomes.</summary>
    public required long Sequence { get; init; }

    /// <summary>The instant the bars speak of: the session's close, or the tick itself when simulated.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the source made it: the start of <c>trm.snapshot_to_socket.duration</c>.</summary>
    public required DateTimeOffset EmittedAt { get; init; }

    /// <summary><see cref="TimeProvider.GetTimestamp"/> at emission, for durations within this process; 0 elsewhere.</summary>
    public long EmittedTimestamp { get; init; }

    /// <summary>Where the bars came from.</summary>
    public required SnapshotOrigin Origin { get; init; }

    /// <summary>The recipe of <see cref="Features"/>.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The ten raw features.</summary>
    public required FeatureVector Features { get; init; }

    /// <summary>Share of expected inputs present and fresh at emission, 0 to 1; equals <c>signal_quality</c> in <c>causal-v2</c>.</summary>
    public required double Quality { get; init; }

    /// <summary>Age of the bars at emission when that means something (live), else null.</summary>
    public TimeSpan? Staleness { get; init; }

    /// <summary>Features that a proxy stands in for, by name.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>W3C traceparent of the tick: every later span, in any process, is its descendant.</summary>
    public required string TraceParent { get; init; }
}

/// <summary>Where a snapshot's bars came from; on the wire <c>live</c>, <c>replay</c>, <c>simulated</c>.</summary>
public enum SnapshotOrigin
{
    /// <summary>The newest bars of the store.</summary>
    Live,

    /// <summary>Stored bars of the past, one session a tick.</summary>
    Replay,

    /// <summary>A made-up market; messages say <c>mock_data</c>.</summary>
    Simulated,
}

/// <summary>Wire names of <see cref="SnapshotOrigin"/>.</summary>
public static class SnapshotOrigins
{
    /// <summary><c>live</c>, <c>replay</c> or <c>simulated</c>.</summary>
    public static string WireName(this SnapshotOrigin origin) => origin switch
    {
        SnapshotOrigin.Live => "live",
        SnapshotOrigin.Replay => "replay",
        SnapshotOrigin.Simulated => "simulated",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
    };

    /// <summary>The origin of a wire name; false when it is none.</summary>
    public static bool TryParse(string? name, out SnapshotOrigin origin)
    {
        (var known, origin) = name switch
        {
            "live" => (true, SnapshotOrigin.Live),
            "replay" => (true, SnapshotOrigin.Replay),
            "simulated" => (true, SnapshotOrigin.Simulated),
            _ => (false, default),
        };
        return known;
    }
}
