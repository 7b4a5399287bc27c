using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Trm.Core.Predictions;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>Clients of HTTP that break the rules, over TCP.</summary>
public sealed class HostileHttpTests
{
    private static readonly (string, string?)[] Impatient = [("Limits:HeadersTimeout", "00:00:01"), ("Limits:IdleTimeout", "00:00:01")];

    [Theory]
    [InlineData("GET /ws/me HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n", "HTTP/1.1 408")]
    [InlineData("G", "HTTP/1.1 408")]
    [InlineData("", "")] // It said nothing, so there is nothing to answer.
    public async Task Half_open_handshakes_are_closed_and_hold_up_nobody(string begun, string answer)
    {
        await using var host = await GatewayHost.StartAsync(settings: KeyRing.Access(Impatient));
        var clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawClient.ConnectAsync(host.Address)));
        foreach (var client in clients) await client.SendAsync(begun);
        await using var other = await host.ConnectAsync();
        foreach (var client in clients)
        {
            Assert.Equal(answer, (await client.ToEndAsync()).Split(" Request")[0]);
            client.Dispose();
        }
        host.Feed.Publish();
        Assert.Equal(1, await other.NextSequenceAsync());
    }

    [Fact]
    public async Task Headers_that_come_slowly_for_ever_are_cut_off()
    {
        await using var host = await GatewayHost.StartAsync(settings: KeyRing.Access(Impatient));
        using var client = await RawClient.ConnectAsync(host.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n");
        var answer = client.ToEndAsync();
        while (!answer.IsCompleted)
        {
            await client.TrySendAsync("X-More: 1\r\n"u8.ToArray());
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }
        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BrokenRequests => new()
    {
        { $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 20_000)}\r\n\r\n", "431" },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"))}\r\n", "431" },
        { $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414" },
        { "GET / HTTP/1.1\r\n\r\n", "400" },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400" },
        { "\x16\x03\x01\x02\x00\x01\r\n\r\n", "400" },
        { "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n", "413" },
        { "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n", "400" },
        { "POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "400" },
        { "GET /ws/me HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n", "426" },
        { "GET /ws/me HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "426" },
    };

    [Theory, MemberData(nameof(BrokenRequests))]
    public async Task A_request_that_is_too_large_or_none_is_refused(string request, string status)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, FakePredictor>());
        using var client = await RawClient.ConnectAsync(host.Address);
        await client.SendAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status}", await client.HeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"features\":", "}")]
    [InlineData("[", "")]
    public async Task A_body_that_is_nested_deeply_is_refused(string open, string close)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton<IPredictor, FakePredictor>());
        var depth = 60_000 / (open.Length + close.Length);
        var body = $"{string.Concat(Enumerable.Repeat(open, depth))}1{string.Concat(Enumerable.Repeat(close, depth))}";
        await Problem.IsAsync(await host.Http.PostAsync("/api/predict", new StringContent(body, Encoding.UTF8, "application/json")), 400, "bad_json");
    }

    [Theory]
    [InlineData("/health/live/../../api/markets")]
    [InlineData("/health/live/%2e%2e/%2e%2e/api/markets")]
    [InlineData("/health/live%2f..%2f..%2fapi%2fmarkets")]
    [InlineData("/openapi/v1.json/../../api/markets")]
    [InlineData("/openapi/../api/markets")]
    [InlineData("/API/Markets")]
    [InlineData("/api/markets/")]
    [InlineData("//api/markets")]
    [InlineData("/api//markets")]
    [InlineData("/api/markets;/health/live")]
    [InlineData("/api/markets?/health/live")]
    [InlineData("/api/markets#/health/live")]
    [InlineData("/./api/markets")]
    [InlineData("/../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/..%5c..%5cwindows%5cwin.ini")]
    [InlineData("/%00")]
    [InlineData("/api/markets/%00/latest")]
    [InlineData("/ws/../api/markets")]
    [InlineData("http://localhost/api/markets")]
    [InlineData("*")]
    public async Task No_way_of_writing_a_path_gets_past_the_door(string target)
    {
        using var ring = new KeyRing();
        ring.Add();
        await using var host = await GatewayHost.StartAsync(settings: ring.Settings());
        using var client = await RawClient.ConnectAsync(host.Address);
        await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var status = (await client.HeadAsync()).Split(' ')[1];
        Assert.Contains(status, new[] { "400", "401", "405" });
    }

    [Theory]
    [InlineData("/../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/markets/..%2f..%2f..%2fetc%2fpasswd/latest")]
    [InlineData("/%00")]
    public async Task No_path_is_a_file(string target)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.Address);
        await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains((await client.HeadAsync()).Split(' ')[1], new[] { "400", "404" });
    }

    [Fact]
    public async Task A_key_that_may_only_read_cannot_push()
    {
        using var ring = new KeyRing();
        var key = ring.Add("read");
        await using var host = await GatewayHost.StartAsync(settings: ring.Settings());
        var response = await host.SendAsync(HttpMethod.Post, "/api/markets/m/bars", key, new StringContent("[]", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }
}
