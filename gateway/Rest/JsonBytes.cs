using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Rest;

/// <summary>
/// JSON that <see cref="Protocol.PredictionJson"/> wrote, so that REST and the sockets say the same bytes; compressed for who asks for
/// that, since a page of history has the same names over and over.
/// </summary>
internal sealed class JsonBytes(byte[] json) : IResult
{
    private const int WorthCompressing = 1_024;

    private static readonly string[] Codings = [ContentCoding.Gzip, ContentCoding.Identity];

    /// <summary>Tagged by what it says: 304 when the client has just that.</summary>
    public static IResult OrNotModified(HttpContext context, byte[] json)
    {
        var state = Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16));
        return HttpCache.ClientHas(context, state, HttpCache.AskAgain) ? Results.StatusCode(StatusCodes.Status304NotModified) : new JsonBytes(json);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = json;
        if (json.Length >= WorthCompressing && ContentCoding.Best(httpContext.Request, Codings, c => c) == ContentCoding.Gzip)
        {
            body = Compress(json);
            httpContext.Response.Headers.ContentEncoding = ContentCoding.Gzip;
            Weaken(httpContext.Response.Headers);
        }
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static byte[] Compress(byte[] json)
    {
        using var compressed = new MemoryStream(json.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(json);
        return compressed.ToArray();
    }

    // A strong tag is of one sequence of bytes, and the same answer uncompressed has it.
    private static void Weaken(IHeaderDictionary headers)
    {
        if (EntityTagHeaderValue.TryParse(headers.ETag.ToString(), out var tag) && !tag.IsWeak) headers.ETag = new EntityTagHeaderValue(tag.Tag, isWeak: true).ToString();
    }
}
