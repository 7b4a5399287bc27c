using System.Net;
using System.Net.WebSockets;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>Limits on open streams. The test's proxy on this machine says where each client is.</summary>
public sealed class SeatsTests
{
    private const string Proxies = "127.0.0.1";

    [Fact]
    public async Task More_streams_than_the_server_may_hold_are_told_when_to_come_back()
    {
        await using var host = await StartAsync(("Connections", "2"));
        await using var first = await host.ConnectAsync();
        using var second = await StreamAsync(host, null);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await IsRefusedAsync(host, null, 503);

        second.Dispose();
        using var third = await StreamOnceThereIsRoomAsync(host);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync());
        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1")]
    public async Task One_address_may_not_take_them_all(string address, string other)
    {
        await using var host = await StartAsync(("ConnectionsPerAddress", "2"));
        using var first = await StreamAsync(host, address);
        using var second = await StreamAsync(host, address);
        await IsRefusedAsync(host, address, 429);
        using var others = await StreamAsync(host, other);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
    }

    [Fact]
    public async Task A_machine_with_many_addresses_of_IPv6_is_one()
    {
        await using var host = await StartAsync(("ConnectionsPerAddress", "2"));
        using var first = await StreamAsync(host, "2001:db8:0:1::1");
        using var second = await StreamAsync(host, "2001:db8:0:1:ffff::2");
        await IsRefusedAsync(host, "2001:db8:0:1:1234::3", 429);
    }

    [Fact]
    public async Task This_machine_is_not_one_address()
    {
        await using var host = await StartAsync(("ConnectionsPerAddress", "1"));
        using var first = await StreamAsync(host, null);
        using var second = await StreamAsync(host, null);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task An_address_that_only_the_client_says_does_not_count()
    {
        await using var host = await GatewayHost.StartAsync(settings: KeyRing.Access(("Limits:ConnectionsPerAddress", "1")));
        using var first = await StreamAsync(host, "10.0.0.1");
        using var second = await StreamAsync(host, "10.0.0.1");
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task One_key_may_not_take_them_all()
    {
        using var ring = new KeyRing();
        var (key, other) = (ring.Add(), ring.Add());
        await using var host = await GatewayHost.StartAsync(settings: ring.Settings(("Limits:ConnectionsPerKey", "1")));
        await using var first = await host.ConnectAsync(key: key);
        await GatewayHost.UntilAsync(() => host.Connections.Count == 1);
        var refused = await host.GetAsync("/api/markets/m/stream", key);
        await Problem.IsAsync(refused, 429, "too_many_connections");
        await using var others = await host.ConnectAsync(key: other);
    }

    private static Task<GatewayHost> StartAsync(params (string Key, string? Value)[] limits) =>
        GatewayHost.StartAsync(settings: KeyRing.Access([("Proxies", Proxies), .. limits.Select(l => ($"Limits:{l.Key}", l.Value))]));

    private static async Task<HttpResponseMessage> StreamAsync(GatewayHost host, string? address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/markets/m/stream");
        if (address is not null) request.Headers.Add("X-Forwarded-For", address);
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<HttpResponseMessage> StreamOnceThereIsRoomAsync(GatewayHost host)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var response = await StreamAsync(host, null);
            if (response.IsSuccessStatusCode) return response;
            response.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    private static async Task IsRefusedAsync(GatewayHost host, string? address, int status)
    {
        using var response = await StreamAsync(host, address);
        await Problem.IsAsync(response, status, "too_many_connections");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 5, 15);
    }
}
