using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Dashboard;

/// <summary>
/// The page at <c>/</c> and its files. Nothing of it comes from elsewhere, and its policy allows nothing else; it has no
/// data, so it needs no key: what it shows it asks for, with its user's.
/// </summary>
internal static class DashboardEndpoint
{
    // 'self' in connect-src is this server's WebSockets too (CSP level 3).
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Vite names these files by their content; the others keep their names, so they are asked for again.
    private const string HashedFolder = "assets/";
    private const string AskAgain = "no-cache";
    private const string Forever = "public, max-age=31536000, immutable";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var asset in routes.ServiceProvider.GetRequiredService<DashboardAssets>().All)
            MapAnonymous(routes, asset.Path == "index.html" ? "/" : asset.Path, context => Serve(context, asset));

        // A page that was open while the server changed asks for files that are gone: that is no matter of keys.
        MapAnonymous(routes, $"{HashedFolder}{{**name}}", _ => Results.NotFound());
    }

    private static void MapAnonymous(IEndpointRouteBuilder routes, string path, Func<HttpContext, IResult> serve) =>
        routes.MapMethods(path, Methods, (HttpContext context) => serve(context)).AllowAnonymous().ExcludeFromDescription();

    private static IResult Serve(HttpContext context, Asset asset)
    {
        var best = asset.For(context.Request);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = asset.Path.StartsWith(HashedFolder, StringComparison.Ordinal) ? Forever : AskAgain;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (best.Coding != ContentCoding.Identity) headers.ContentEncoding = best.Coding;
        return Results.File(best.Bytes, asset.ContentType, entityTag: best.Tag);
    }
}
