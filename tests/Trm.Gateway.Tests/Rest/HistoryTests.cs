using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Rest;

/// <summary>What may be kept of a market's history, and how its pages hang together.</summary>
public sealed class HistoryTests
{
    private const string Pages = "/api/markets/m/predictions";
    private static readonly Guid Other = new("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    private static readonly string Epoch = Samples.Epoch.ToString();

    [Theory]
    [InlineData("after=5&limit=10")]
    [InlineData("before=20&limit=10")]
    [InlineData("after=5&before=9")]
    public async Task A_page_below_the_head_of_a_named_epoch_is_kept_for_good(string range)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var page = await GetAsync(host, $"{Pages}?epoch={Epoch}&{range}");
        Assert.Equal("max-age=31536000, private, immutable", page.Headers.CacheControl!.ToString());
        Assert.False(page.Headers.ETag!.IsWeak);
        host.Feed.Publish(count: 100);
        var later = await GetAsync(host, $"{Pages}?epoch={Epoch}&{range}");
        Assert.Equal(page.Headers.ETag, later.Headers.ETag);
        Assert.Equal(await page.Content.ReadAsStringAsync(), await later.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("epoch=0f8fad5b-d9cb-469f-a165-70867728950e&after=10")]
    [InlineData("epoch=0f8fad5b-d9cb-469f-a165-70867728950e&before=21&limit=3")]
    [InlineData("epoch=0f8fad5b-d9cb-469f-a165-70867728950e&after=20")]
    [InlineData("epoch=0f8fad5b-d9cb-469f-a165-70867728950e&before=1")]
    [InlineData("limit=3")]
    [InlineData("after=5&limit=10")]
    public async Task A_page_at_the_head_or_of_an_unnamed_epoch_is_asked_for_again(string query)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var page = await GetAsync(host, $"{Pages}?{query}");
        Assert.True(page.Headers.CacheControl is { Private: true, NoCache: true, MaxAge: null });
        Assert.NotNull(page.Headers.ETag);
    }

    [Fact]
    public async Task A_page_is_compressed_for_who_asks_for_that_and_says_the_same()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 240);
        var plain = await GetAsync(host, $"{Pages}?limit=240");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Pages}?limit=240") { Headers = { AcceptEncoding = { new("gzip") } } };
        var compressed = await host.Http.SendAsync(request);
        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        Assert.True(compressed.Headers.ETag!.IsWeak); // a strong tag is of the bytes
        Assert.Equal(plain.Headers.ETag!.Tag, compressed.Headers.ETag.Tag);
        Assert.Equal(["Authorization", "Accept-Encoding"], compressed.Headers.Vary);
        Assert.True(compressed.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 3);

        await using var unpacked = new GZipStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(host, $"{Pages}?limit=240", compressed.Headers.ETag.ToString())).StatusCode);
    }

    [Fact]
    public async Task A_page_that_the_client_has_is_304_and_is_not_read()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var page = await GetAsync(host, $"{Pages}?after=5&limit=10");
        var reads = host.Feed.Reads;

        var again = await GetAsync(host, $"{Pages}?after=5&limit=10", page.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync());
        Assert.Equal(page.Headers.ETag, again.Headers.ETag);
        Assert.Equal(page.Headers.CacheControl, again.Headers.CacheControl);
        Assert.Equal(["Authorization", "Accept-Encoding"], again.Headers.Vary);
        Assert.Equal(reads, host.Feed.Reads);
    }

    [Fact]
    public async Task Each_page_has_a_tag_of_its_own_and_a_new_one_when_it_changes()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 15);
        string[] queries = ["", "?limit=10", "?limit=9", "?after=5", "?after=5&limit=9", "?after=5&before=15", "?after=15", "?before=1"];
        var before = await TagsAsync(host, queries);
        Assert.Equal(before.Length, before.Distinct().Count() + 1); // after=5 is the newest 10: the same page
        host.Feed.Publish();
        var after = await TagsAsync(host, queries);
        // Those inside the log stay: 6..14 with more after it, 6..14 bounded, and what is below the first.
        Assert.Equal(["?after=5&limit=9", "?after=5&before=15", "?before=1"], queries.Where((_, i) => before[i] == after[i]));
        host.Feed.StartOver("m", Other);
        host.Feed.Publish(count: 16);
        Assert.Empty(after.Intersect(await TagsAsync(host, queries)));
    }

    [Theory]
    [InlineData("\"nothing\", {0}", 304)]
    [InlineData("W/{0}", 304)]
    [InlineData("*", 304)]
    [InlineData("\"nothing\"", 200)]
    [InlineData("nonsense", 200)]
    public async Task If_none_match_is_a_list_of_tags_or_any(string header, int status)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish();
        var tag = (await GetAsync(host, Pages)).Headers.ETag!.ToString();
        Assert.Equal(status, (int)(await GetAsync(host, Pages, string.Format(null, header, tag))).StatusCode);
    }

    [Theory]
    [InlineData("/api/markets/m/latest")]
    [InlineData("/api/markets/m/summary")]
    [InlineData("/api/trm/summary")]
    public async Task The_newest_and_the_totals_change_their_tag_with_the_log(string path)
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("other", "m"));
        host.Feed.Publish(count: 3);
        var first = await GetAsync(host, path);
        Assert.True(first.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.Equal(["Authorization", "Accept-Encoding"], first.Headers.Vary);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(host, path, first.Headers.ETag.ToString())).StatusCode);

        host.Feed.Publish();
        var second = await GetAsync(host, path, first.Headers.ETag.ToString());
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        host.Feed.StartOver("m", Other);
        host.Feed.Publish(count: 4);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, path, second.Headers.ETag!.ToString())).StatusCode);
    }

    [Theory]
    [InlineData("limit=5", null, "before=16&limit=5")]
    [InlineData("before=16&limit=5", "after=15&limit=5", "before=11&limit=5")]
    [InlineData("before=4&limit=5", "after=3&limit=5", null)]
    [InlineData("after=0&limit=5", "after=5&limit=5", null)]
    [InlineData("after=15&limit=5", null, "before=16&limit=5")]
    [InlineData("after=5&before=15&limit=5", "after=10&before=15&limit=5", "before=6&limit=5")]
    [InlineData("after=10&before=15&limit=5", null, "before=11&limit=5")]
    [InlineData("after=20&limit=5", null, null)]
    [InlineData("limit=20&access_token=secret", null, null)]
    [InlineData("limit=19&access_token=secret", null, "before=2&limit=19")]
    public async Task A_page_is_linked_with_those_before_and_after_it(string query, string? next, string? previous)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var links = Links(await GetAsync(host, $"{Pages}?{query}"));
        Assert.Equal(next is null ? null : $"{Pages}?epoch={Epoch}&{next}", links.GetValueOrDefault("next"));
        Assert.Equal(previous is null ? null : $"{Pages}?epoch={Epoch}&{previous}", links.GetValueOrDefault("prev"));
    }

    [Theory]
    [InlineData("after=0&limit=7", "next", "1,2,3,4,5,6,7|8,9,10,11,12,13,14|15,16,17,18,19,20")]
    [InlineData("limit=7", "prev", "14,15,16,17,18,19,20|7,8,9,10,11,12,13|1,2,3,4,5,6")]
    [InlineData("after=2&before=12&limit=7", "next", "3,4,5,6,7,8,9|10,11")]
    public async Task A_walk_along_the_links_meets_each_sequence_once(string start, string relation, string pages)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var walked = new List<string>();
        for (var path = $"{Pages}?{start}"; path is not null;)
        {
            var page = await GetAsync(host, path);
            walked.Add(string.Join(',', Sequences(await page.Content.ReadAsStringAsync())));
            path = Links(page).GetValueOrDefault(relation);
        }
        Assert.Equal(pages, string.Join('|', walked));
    }

    [Fact]
    public async Task A_walk_over_a_log_that_started_over_is_told_so_and_never_mixed()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        var next = Links(await GetAsync(host, $"{Pages}?after=0&limit=5"))["next"];
        host.Feed.StartOver("m", Other);
        host.Feed.Publish(count: 20);
        await AssertGoneAsync(await GetAsync(host, next));
    }

    [Fact]
    public async Task A_log_that_starts_over_while_it_is_read_leaves_nothing_to_keep()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        host.Feed.BeforeRead = () =>
        {
            host.Feed.StartOver("m", Other);
            host.Feed.Publish(count: 8);
            host.Feed.BeforeRead = null;
        };
        var page = await GetAsync(host, $"{Pages}?after=5&limit=5");
        Assert.True(page.Headers.CacheControl!.NoStore);
        Assert.Null(page.Headers.ETag);
        Assert.False(page.Headers.Contains("Link"));
        var text = await page.Content.ReadAsStringAsync();
        Assert.Equal([6, 7, 8], Sequences(text));
        Assert.Equal(Other, JsonDocument.Parse(text).RootElement.GetProperty("epoch").GetGuid());

        host.Feed.BeforeRead = () => host.Feed.StartOver("m", Samples.Epoch);
        await AssertGoneAsync(await GetAsync(host, $"{Pages}?epoch={Other}&after=5&limit=5"));
    }

    [Fact]
    public async Task A_prediction_that_comes_while_a_page_is_read_is_not_on_it()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 20);
        host.Feed.BeforeRead = () => host.Feed.Publish();
        var page = await GetAsync(host, $"{Pages}?limit=3");
        Assert.Equal([18, 19, 20], Sequences(await page.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/api/markets/nowhere/predictions")]
    [InlineData("/api/markets/m/predictions?limit=0")]
    [InlineData("/api/markets/m/latest")]
    public async Task No_error_is_kept(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        var response = await GetAsync(host, path);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task OpenAPI_tells_of_tags_links_and_epochs()
    {
        await using var host = await GatewayHost.StartAsync();
        var paths = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        foreach (var path in new[] { "/api/markets/{market}/predictions", "/api/markets/{market}/latest", "/api/markets/{market}/summary", "/api/markets/{market}/outcomes", "/api/trm/summary" })
        {
            var get = paths.GetProperty(path).GetProperty("get");
            Assert.True(get.GetProperty("responses").TryGetProperty("304", out _));
            Assert.True(get.GetProperty("responses").GetProperty("200").GetProperty("headers").TryGetProperty("ETag", out _));
            Assert.Contains(get.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "If-None-Match" && p.GetProperty("in").GetString() == "header");
        }
        var history = paths.GetProperty("/api/markets/{market}/predictions").GetProperty("get");
        Assert.True(history.GetProperty("responses").GetProperty("200").GetProperty("headers").TryGetProperty("Link", out _));
        Assert.True(history.GetProperty("responses").TryGetProperty("410", out _));
        Assert.Contains(history.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "epoch");
    }

    private static async Task AssertGoneAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Null(response.Headers.ETag);
        Assert.Equal("epoch_changed", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    private static async Task<string[]> TagsAsync(GatewayHost host, IEnumerable<string> queries)
    {
        var tags = new List<string>();
        foreach (var query in queries) tags.Add((await GetAsync(host, Pages + query)).Headers.ETag!.Tag);
        return [.. tags];
    }

    private static async Task<HttpResponseMessage> GetAsync(GatewayHost host, string path, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await host.Http.SendAsync(request);
    }

    private static IEnumerable<long> Sequences(string page) =>
        JsonDocument.Parse(page).RootElement.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("sequence").GetInt64());

    private static Dictionary<string, string> Links(HttpResponseMessage response) =>
        !response.Headers.TryGetValues("Link", out var values) ? [] : values
            .SelectMany(v => v.Split(", "))
            .Select(link => link.Split("; "))
            .ToDictionary(link => link[1]["rel=\"".Length..^1], link => link[0].Trim('<', '>'));
}
