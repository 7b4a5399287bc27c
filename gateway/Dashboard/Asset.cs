using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Dashboard;

/// <summary>A file of the page in every coding that it can be sent in.</summary>
internal sealed class Asset
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly Representation[] smallestFirst;

    /// <param name="path">Where it is served, relative to the root: <c>index.html</c>, <c>assets/index-4f1c.js</c>.</param>
    /// <param name="codings">Its bytes by content coding; <see cref="ContentCoding.Identity"/> is one of them.</param>
    public Asset(string path, IReadOnlyDictionary<string, byte[]> codings)
    {
        Path = path;
        ContentType = ContentTypeOf(path);
        var tag = Convert.ToHexStringLower(SHA256.HashData(codings[ContentCoding.Identity]).AsSpan(0, 8));
        smallestFirst = [.. codings.Select(c => new Representation(c.Key, c.Value, new EntityTagHeaderValue($"\"{tag}-{c.Key}\""))).OrderBy(r => r.Bytes.Length)];
    }

    public string Path { get; }

    public string ContentType { get; }

    /// <summary>The smallest of those that the client likes best.</summary>
    public Representation For(HttpRequest request) => ContentCoding.Best(request, smallestFirst, r => r.Coding);

    private static string ContentTypeOf(string path)
    {
        var type = ContentTypes.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }
}
