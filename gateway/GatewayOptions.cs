namespace Trm.Gateway;

/// <summary>Limits and intervals of the gateway; configuration section <c>Trm:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>The configuration section that is bound.</summary>
    public const string Section = "Trm:Gateway";

    /// <summary>Live predictions that wait for one client with delivery <c>all</c>; one more closes it with 4008.</summary>
    public int QueueLimit { get; set; } = 1_024;

    /// <summary>Replies (pong, subscribed, error) that wait for one client; one more closes it with 4008.</summary>
    public int ReplyLimit { get; set; } = 256;

    /// <summary>A write that takes longer than this closes the client with 4008.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to answer a close before its connection is cut.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two heartbeats; each comes with WebSocket's own ping.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A WebSocket client from which nothing came for this long after a heartbeat, no pong either, is cut.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// On shutdown clients are closed at moments spread over up to this long, a thousand a second if that is sooner. Leave the
    /// host's <c>ShutdownTimeout</c> room for it.
    /// </summary>
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Compress messages, once for all, for WebSocket clients that offer permessage-deflate.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Largest message from a client, in bytes; a larger one closes it with 1009.</summary>
    public int MessageLimitBytes { get; set; } = 4_096;

    /// <summary>Messages a client may send in the long run, per second.</summary>
    public double MessagesPerSecond { get; set; } = 50;

    /// <summary>Messages a client may send at once.</summary>
    public int MessageBurst { get; set; } = 100;

    /// <summary>Most predictions replayed to a client that resumes; a larger gap is a <c>resync</c>.</summary>
    public int ReplayLimit { get; set; } = 5_000;

    /// <summary>Predictions of each market kept in memory, serialised, for clients that resume; about 2 KB each.</summary>
    public int RecentLimit { get; set; } = 256;

    /// <summary>Largest body of <c>POST /api/markets/{m}/bars</c>, in bytes.</summary>
    public long BarsLimitBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most rows of one <c>POST /v2/models/trm/infer</c>; its body may have 64 KiB and 512 bytes a row.</summary>
    public int InferBatchLimit { get; set; } = 1_024;
}
