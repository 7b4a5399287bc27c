using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Trm.Gateway.Dashboard;
using Trm.Gateway.Rest;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Dashboard;

public sealed class DashboardTests
{
    private const string Script = "/assets/index-4f1c.js";

    private static readonly DashboardAssets Page = new([
        Compressed("index.html", "<!doctype html><title>Trm</title>"),
        Compressed(Script[1..], "console.log('the dashboard');"),
        new Asset("favicon.svg", new Dictionary<string, byte[]> { [ContentCoding.Identity] = "<svg/>"u8.ToArray() }),
    ]);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.2, gzip;q=0.8", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity, br;q=0.5", null)]
    [InlineData("zstd", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    public async Task A_file_comes_in_the_coding_that_the_client_likes_best(string? accepted, string? coding)
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Script);
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        var response = await host.Http.SendAsync(request);

        Assert.Equal(coding is null ? [] : [coding], response.Content.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.Vary));
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("console.log('the dashboard');", Decode(await response.Content.ReadAsByteArrayAsync(), coding));
    }

    [Fact]
    public async Task The_page_is_asked_for_again_and_its_hashed_files_are_kept_for_good()
    {
        await using var host = await StartAsync();
        Assert.Equal("no-cache", (await host.Http.GetAsync("/")).Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", (await host.Http.GetAsync("/favicon.svg")).Headers.CacheControl!.ToString());
        var hashed = (await host.Http.GetAsync(Script)).Headers.CacheControl!.ToString();
        Assert.Contains("immutable", hashed, StringComparison.Ordinal);
        Assert.Contains("max-age=31536000", hashed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_the_browser_has_is_not_sent_again()
    {
        await using var host = await StartAsync();
        var tag = (await host.Http.GetAsync("/")).Headers.ETag!;
        Assert.False(tag.IsWeak);

        var again = await AskAsync(host, "/", tag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(tag, again.Headers.ETag);
        Assert.Equal("no-cache", again.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/", tag, "br")).StatusCode); // other bytes, another tag
    }

    [Fact]
    public async Task A_head_request_gets_the_headers_alone()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, Script);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        var head = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Equal(["gzip"], head.Content.Headers.ContentEncoding);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "/assets/index-0000.js")]
    [InlineData("HEAD", "/assets/index-0000.js")]
    [InlineData("GET", "/assets/")]
    public async Task A_file_of_another_build_is_not_found_also_where_keys_are_needed(string method, string path)
    {
        using var keys = new KeyRing();
        keys.Add();
        await using var host = await StartAsync(keys.Settings());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_page_needs_no_key()
    {
        using var keys = new KeyRing();
        keys.Add();
        await using var host = await StartAsync(keys.Settings());
        foreach (var path in new[] { "/", Script, "/favicon.svg" }) Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData(Script)]
    [InlineData("/favicon.svg")]
    public async Task The_policy_allows_this_server_and_nothing_else(string path)
    {
        await using var host = await StartAsync();
        var policy = Assert.Single((await host.Http.GetAsync(path)).Headers.GetValues("Content-Security-Policy"));
        var directives = policy.Split("; ").ToDictionary(d => d.Split(' ')[0], d => d[(d.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Assert.Equal("'none'", directives["default-src"]);
        foreach (var none in new[] { "base-uri", "form-action", "frame-ancestors" }) Assert.Equal("'none'", directives[none]);
        foreach (var own in new[] { "script-src", "style-src", "connect-src" }) Assert.Equal("'self'", directives[own]);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(IReadOnlyDictionary<string, string?>? settings = null) =>
        GatewayHost.StartAsync(services: s => s.AddSingleton(Page), settings: settings);

    private static async Task<HttpResponseMessage> AskAsync(GatewayHost host, string path, EntityTagHeaderValue has, string accepted = "identity")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { has } } };
        request.Headers.AcceptEncoding.ParseAdd(accepted);
        return await host.Http.SendAsync(request);
    }

    private static Asset Compressed(string path, string content)
    {
        // Long enough to be worth it: padding that decoding takes away again.
        var bytes = Encoding.UTF8.GetBytes(content.PadRight(2_000));
        return new Asset(path, new Dictionary<string, byte[]>
        {
            [ContentCoding.Identity] = bytes,
            [ContentCoding.Gzip] = Encode(bytes, s => new GZipStream(s, CompressionLevel.SmallestSize)),
            [ContentCoding.Brotli] = Encode(bytes, s => new BrotliStream(s, CompressionLevel.SmallestSize)),
        });
    }

    private static byte[] Encode(byte[] bytes, Func<Stream, Stream> encoder)
    {
        using var encoded = new MemoryStream();
        using (var stream = encoder(encoded)) stream.Write(bytes);
        return encoded.ToArray();
    }

    private static string Decode(byte[] bytes, string? coding)
    {
        using var encoded = new MemoryStream(bytes);
        using Stream stream = coding switch
        {
            "br" => new BrotliStream(encoded, CompressionMode.Decompress),
            "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
            _ => encoded,
        };
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd();
    }
}
