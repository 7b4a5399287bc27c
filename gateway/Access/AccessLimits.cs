namespace Trm.Gateway.Access;

/// <summary>What callers may take of the server, and how long they may take; configuration section <c>Trm:Access:Limits</c>.</summary>
public sealed class AccessLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{AccessOptions.Section}:Limits";

    /// <summary>Open streams (WebSocket and SSE) in all; one more is 503.</summary>
    public int Connections { get; set; } = 20_000;

    /// <summary>
    /// Open streams from one address (of IPv6 the first 64 bits, which one machine has); one more is 429. Connections from this
    /// machine do not count: they are a proxy that was not configured, or the machine's own.
    /// </summary>
    public int ConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>Open streams of one key; one more is 429.</summary>
    public int ConnectionsPerKey { get; set; } = 10_000;

    /// <summary>How long a client may take to send the head of a request.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay open before its first request, and between two.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>Largest head of a request, in bytes.</summary>
    public int HeadersLimitBytes { get; set; } = 16 * 1024;

    /// <summary>Largest body of a request whose route does not say otherwise, in bytes.</summary>
    public long BodyLimitBytes { get; set; } = 1024 * 1024;
}
