using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Transport;

/// <summary>
/// Puts a <see cref="UpgradedStream"/> under the WebSocket that the framework's own handshake makes, over HTTP/1.1 and
/// HTTP/2.
/// </summary>
internal sealed class StreamUpgrade : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHeaderDictionary answer;
    private readonly IHttpUpgradeFeature? upgrade;
    private readonly IHttpExtendedConnectFeature? connect;
    private readonly TimeProvider time;

    private StreamUpgrade(HttpContext context, TimeProvider time)
    {
        this.time = time;
        answer = context.Response.Headers;
        upgrade = context.Features.Get<IHttpUpgradeFeature>();
        connect = context.Features.Get<IHttpExtendedConnectFeature>();
        // Under HTTP/2 the socket carries other streams too, and under TLS what goes out is not what we write.
        var plain = HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<ITlsConnectionFeature>() is null;
        Connection = plain ? context.Features.Get<DirectConnection>() : null;
    }

    /// <summary>Set by the handshake.</summary>
    public UpgradedStream? Stream { get; private set; }

    /// <summary>The connection that the WebSocket may keep; null where it stays within its request.</summary>
    public DirectConnection? Connection { get; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Before the framework's WebSocket middleware.</summary>
    public static void Prepare(HttpContext context, TimeProvider time)
    {
        var features = new StreamUpgrade(context, time);
        context.Features.Set(features);
        if (features.upgrade is not null) context.Features.Set<IHttpUpgradeFeature>(features);
        if (features.connect is not null) context.Features.Set<IHttpExtendedConnectFeature>(features);
    }

    /// <summary>The client agreed to permessage-deflate.</summary>
    public bool IsCompressed { get; private set; }

    /// <summary>
    /// The WebSocket over <see cref="Stream"/>. The handshake's own would hold the request for as long as it lives.
    /// </summary>
    public WebSocket CreateWebSocket() => WebSocket.CreateFromStream(Stream!, new WebSocketCreationOptions
    {
        IsServer = true,
        // No timer for each client: the heartbeat asks for a pong.
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
        DangerousDeflateOptions = IsCompressed ? new WebSocketDeflateOptions { ClientContextTakeover = false, ServerContextTakeover = false } : null,
    });

    public async Task<Stream> UpgradeAsync()
    {
        AgreeOnCompression();
        var upgraded = await upgrade!.UpgradeAsync();
        return Stream = Connection is { } kept
            ? new UpgradedStream(kept.Input.AsStream(leaveOpen: true), kept.Output, time)
            : new UpgradedStream(upgraded, null, time);
    }

    public async ValueTask<Stream> AcceptAsync()
    {
        AgreeOnCompression();
        return Stream = new UpgradedStream(await connect!.AcceptAsync(), null, time);
    }

    // A client is told not to rely on its earlier messages, which RFC 7692 lets a server ask of anyone: remembering them would
    // take 40 KB for each. One that wants a smaller window than ours is not compressed for.
    private void AgreeOnCompression()
    {
        const string NoTakeover = "client_no_context_takeover";
        var agreed = answer.SecWebSocketExtensions.ToString();
        IsCompressed = agreed.Contains("permessage-deflate", StringComparison.Ordinal);
        if (!IsCompressed) return;
        if (agreed.Contains("server_max_window_bits", StringComparison.Ordinal))
        {
            IsCompressed = false;
            answer.Remove(HeaderNames.SecWebSocketExtensions);
        }
        else if (!agreed.Contains(NoTakeover, StringComparison.Ordinal))
        {
            answer.SecWebSocketExtensions = $"{agreed}; {NoTakeover}";
        }
    }
}
