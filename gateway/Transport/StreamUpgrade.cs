using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Trm.Gateway.Transport;

/// <summary>
/// Puts a <see cref="UpgradedStream"/> under the WebSocket that the framework's own handshake makes, over HTTP/1.1 and
/// HTTP/2.
/// </summary>
internal sealed class StreamUpgrade : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? upgrade;
    private readonly IHttpExtendedConnectFeature? connect;
    private readonly SocketOutput? direct;
    private readonly TimeProvider time;

    private StreamUpgrade(HttpContext context, TimeProvider time)
    {
        this.time = time;
        upgrade = context.Features.Get<IHttpUpgradeFeature>();
        connect = context.Features.Get<IHttpExtendedConnectFeature>();
        // Under HTTP/2 the socket carries other streams too, and under TLS what goes out is not what we write.
        var plain = HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<ITlsConnectionFeature>() is null && !context.Request.IsHttps;
        direct = plain ? context.Features.Get<SocketOutput>() : null;
    }

    /// <summary>Set by the handshake.</summary>
    public UpgradedStream? Stream { get; private set; }

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

    public async Task<Stream> UpgradeAsync() => Stream = new UpgradedStream(await upgrade!.UpgradeAsync(), direct, time);

    public async ValueTask<Stream> AcceptAsync() => Stream = new UpgradedStream(await connect!.AcceptAsync(), null, time);
}
