using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>The web server's own limits, for every host of the gateway: what holds before a request is one.</summary>
internal sealed class ServerLimits(IOptions<AccessOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>Connections beside open streams: handshakes under way, requests, and those kept open between two.</summary>
    private const int OtherConnections = 2_048;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Value.Limits;
        kestrel.AddServerHeader = false;
        // Here a connection is cut without a word; the limit of streams, which is lower, answers.
        kestrel.Limits.MaxConcurrentConnections = limits.Connections + OtherConnections;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.IdleTimeout;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeadersLimitBytes;
        kestrel.Limits.MaxRequestLineSize = Math.Min(kestrel.Limits.MaxRequestLineSize, limits.HeadersLimitBytes);
        kestrel.Limits.MaxRequestBodySize = limits.BodyLimitBytes;
    }
}
