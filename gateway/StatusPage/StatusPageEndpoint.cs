using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Trm.Gateway.StatusPage;

/// <summary>The built-in page: one file, nothing from elsewhere, and a policy that allows exactly its own script and style.</summary>
internal static class StatusPageEndpoint
{
    private static readonly byte[] Page = Load();
    private static readonly string Policy = MakePolicy(Encoding.UTF8.GetString(Page));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", (HttpContext context) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.CacheControl = "no-cache";
            return Results.Bytes(Page, "text/html; charset=utf-8");
        }).AllowAnonymous().ExcludeFromDescription(); // It has no data: what it shows it asks for, with its user's key.

    private static string MakePolicy(string html) =>
        $"default-src 'none'; script-src {Hash(html, "script")}; style-src {Hash(html, "style")}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Hash(string html, string element)
    {
        var start = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var content = html[start..html.IndexOf($"</{element}>", StringComparison.Ordinal)];
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";
    }

    private static byte[] Load()
    {
        using var resource = typeof(StatusPageEndpoint).Assembly.GetManifestResourceStream("status-page.html")!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
