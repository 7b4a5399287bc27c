namespace Trm.Cli.Top;

/// <summary>What <c>GET /api/health</c> of a service says, as far as <c>trm top</c> shows it.</summary>
internal sealed record HealthAnswer
{
    /// <summary>ok, starting or degraded.</summary>
    public required string Status { get; init; }

    /// <summary>Of the program.</summary>
    public required string Version { get; init; }

    public required double UptimeSeconds { get; init; }

    public required IReadOnlyList<MarketAnswer> Markets { get; init; }

    public required ConnectionsAnswer Connections { get; init; }

    /// <summary>Since the process started; null of a service that does not count them yet.</summary>
    public MessagesAnswer? Messages { get; init; }

    public required LatencyAnswer SnapshotToSocket { get; init; }
}

/// <summary>A market and where its log stands.</summary>
internal sealed record MarketAnswer(string Market, Guid Epoch, long Sequence, double? AgeSeconds);

/// <summary>Open connections.</summary>
internal sealed record ConnectionsAnswer(int Total, int Websocket, int Sse);

/// <summary>Messages to clients.</summary>
internal sealed record MessagesAnswer(long Sent, long Conflated, long Dropped);

/// <summary>A latency since the process started.</summary>
internal sealed record LatencyAnswer(long Count, double P50Ms, double P99Ms, double MaxMs);
