using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>A key sees its markets, and the others are not there.</summary>
public sealed class MarketAccessTests : IDisposable
{
    private readonly KeyRing ring = new();

    public void Dispose() => ring.Dispose();

    [Fact]
    public async Task A_socket_gets_the_keys_markets_and_no_other()
    {
        var (server, key) = await StartAsync("mine absent");
        await using var host = server;
        host.Feed.Publish("mine");
        host.Feed.Publish("hidden");
        await using var socket = await host.ConnectAsync(key: key);
        Assert.Equal("mine", Market(await socket.NextAsync()));
        host.Feed.Publish("hidden");
        host.Feed.Fail("hidden", "missing_data", "VIX has no bar");
        host.Feed.Publish("mine");
        Assert.Equal("mine", Market(await socket.NextAsync()));
        await socket.SendAsync("""{"type":"request_trm_prediction"}""");
        Assert.Equal(2, (await socket.NextAsync()).GetProperty("data").GetProperty("total_predictions").GetInt32());
        await socket.SendAsync("""{"type":"subscribe"}""");
        Assert.Equal(["mine"], (await socket.NextAsync()).GetProperty("markets").EnumerateObject().Select(m => m.Name));
    }

    [Theory]
    [InlineData("""{"type":"subscribe","markets":["hidden"],"since":{"hidden":{"epoch":"0f8fad5b-d9cb-469f-a165-70867728950e","sequence":0}}}""")]
    [InlineData("""{"type":"subscribe","markets":["mine","hidden"]}""")]
    [InlineData("""{"type":"unsubscribe","markets":["hidden"]}""")]
    [InlineData("""{"type":"request_trm_prediction","market":"hidden"}""")]
    public async Task Asking_for_anothers_market_is_asking_for_one_that_does_not_exist(string command)
    {
        var (server, key) = await StartAsync();
        await using var host = server;
        await using var socket = await host.ConnectAsync(key: key);
        await socket.SendAsync(command);
        var error = await socket.NextAsync();
        Assert.Equal(("unknown_market", "market 'hidden' is not served here; there is mine"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        host.Feed.Publish("hidden");
        host.Feed.Publish("mine");
        Assert.Equal("mine", Market(await socket.NextAsync()));
    }

    [Fact]
    public async Task No_route_that_names_a_market_knows_anothers()
    {
        var (server, key) = await StartAsync(scopes: "read push operate");
        await using var host = server;
        host.Feed.Publish("hidden", 3);
        var paths = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        var routes = paths.EnumerateObject().Where(p => p.Name.Contains("{market}", StringComparison.Ordinal)).SelectMany(p => p.Value.EnumerateObject().Select(m => (Method: m.Name, Path: p.Name))).ToArray();
        Assert.True(routes.Length >= 5);
        foreach (var (method, path) in routes)
        {
            using var body = method == "get" ? null : new StringContent("[]", Encoding.UTF8, "application/json");
            var response = await host.SendAsync(new HttpMethod(method), path.Replace("{market}", "hidden", StringComparison.Ordinal), key, body);
            var problem = await Problem.IsAsync(response, 404, "unknown_market");
            Assert.Equal("market 'hidden' is not served here; there is mine", problem.GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("/api/markets")]
    [InlineData("/api/health")]
    [InlineData("/api/trm/summary")]
    public async Task What_is_told_of_all_markets_is_told_of_the_keys_own(string path)
    {
        var (server, key) = await StartAsync();
        await using var host = server;
        host.Feed.Publish("mine", 2);
        host.Feed.Publish("hidden", 40);
        var response = await host.GetAsync(path, key);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("mine", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        if (path == "/api/trm/summary") Assert.Equal(2, JsonDocument.Parse(text).RootElement.GetProperty("total_predictions").GetInt32());
    }

    [Fact]
    public async Task A_key_without_a_market_of_this_server_sees_none()
    {
        var (server, key) = await StartAsync("elsewhere");
        await using var host = server;
        await using var socket = await host.ConnectAsync(key: key);
        host.Feed.Publish("mine");
        host.Feed.Publish("hidden");
        await socket.SendAsync("ping");
        Assert.Equal("pong", await socket.TextAsync());
        Assert.Equal("[]", await (await host.GetAsync("/api/markets", key)).Content.ReadAsStringAsync());
        Assert.Equal(0, JsonDocument.Parse(await (await host.GetAsync("/api/trm/summary", key)).Content.ReadAsStringAsync()).RootElement.GetProperty("total_predictions").GetInt32());
    }

    private async Task<(GatewayHost Host, string Key)> StartAsync(string markets = "mine", string scopes = "read")
    {
        var key = ring.Add(scopes, markets);
        var host = await GatewayHost.StartAsync(
            new FakeFeed("mine", "hidden"), settings: ring.Settings(), services: s => s.AddSingleton<Bars.IBarReceiver>(new NoBars()));
        return (host, key);
    }

    private static string? Market(JsonElement message) => message.GetProperty("data").GetProperty("market").GetString();

    private sealed class NoBars : Bars.IBarReceiver
    {
        public Task<Bars.BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Bars.BarPushResult> PushAsync(string market, IReadOnlyList<Core.Bars.Bar> bars, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
