using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Access;

/// <summary>
/// Which web pages may connect. A browser lets any page open a WebSocket to anywhere, this machine included, and only the
/// server can refuse it; programs that are no browser send no <c>Origin</c>. A page that this machine serves may always
/// connect to a server on it: dashboards under development, and those that were there before this server was.
/// </summary>
internal sealed class OriginRules(IOptions<AccessOptions> options) : IConfigureOptions<CorsOptions>
{
    /// <summary>Allows every page.</summary>
    public const string Any = "*";

    private readonly HashSet<string> allowed = new(options.Value.Origins, StringComparer.OrdinalIgnoreCase);

    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0 || allowed.Contains(Any)) return true;
        return origins is [{ } origin] && (allowed.Contains(origin) || IsOwn(origin, request.Host) || IsLocal(origin, request.Host));
    }

    /// <summary>The same pages read REST and SSE; those of this server need no permission there.</summary>
    public void Configure(CorsOptions cors)
    {
        if (allowed.Count == 0) return;
        cors.AddDefaultPolicy(policy =>
        {
            if (allowed.Contains(Any)) policy.AllowAnyOrigin();
            else policy.WithOrigins([.. allowed]);
            // No cookies here: a page shows the key that its user gave it.
            policy.WithMethods(HttpMethods.Get, HttpMethods.Post)
                .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfNoneMatch, "Last-Event-ID")
                .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Link, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate);
        });
    }

    private static bool IsLocal(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page is { IsLoopback: true, UserInfo: "", Scheme: "http" or "https" }
        && page.OriginalString.Equals(page.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
        && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var server) && server.IsLoopback;

    // By name and port only: behind a proxy that speaks https this server sees http.
    private static bool IsOwn(string origin, HostString host) =>
        host.HasValue && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? port == uri.Port : uri.IsDefaultPort);
}
