using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Trm.Gateway.Access;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

public sealed class OriginTests
{
    [Theory]
    [InlineData("http://{own}", true)]
    [InlineData("https://{own}", true)] // A proxy in front speaks https.
    [InlineData("http://127.0.0.1:1", true)] // A page of this machine, and a server on it.
    [InlineData("http://localhost:5173", true)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://localhost@evil.example", false)]
    [InlineData("http://evil.example@localhost", false)]
    [InlineData("file://localhost", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://{own}.evil.example", false)]
    [InlineData("http://evil.example/{own}", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public async Task Only_pages_of_this_server_may_connect(string origin, bool allowed)
    {
        await using var host = await GatewayHost.StartAsync();
        await IsAsync(host, origin.Replace("{own}", host.Address.Authority, StringComparison.Ordinal), allowed);
    }

    [Theory]
    [InlineData("https://desk.example", "https://desk.example", true)]
    [InlineData("https://desk.example", "https://DESK.example", true)]
    [InlineData("https://desk.example", "http://desk.example", false)]
    [InlineData("https://desk.example", "https://desk.example:8443", false)]
    [InlineData("https://a.example,https://b.example", "https://b.example", true)]
    [InlineData("*", "https://anything.example", true)]
    [InlineData("*", "null", true)]
    public async Task Others_may_when_they_are_named(string origins, string origin, bool allowed)
    {
        await using var host = await GatewayHost.StartAsync(settings: KeyRing.Access(("Origins", origins)));
        await IsAsync(host, origin, allowed);
    }

    [Theory]
    [InlineData("dashboards.example:8000", "http://localhost:5173", false)]
    [InlineData("dashboards.example:8000", "http://dashboards.example:8000", true)]
    [InlineData("localhost:8000", "http://localhost:5173", true)]
    public void A_page_of_the_users_machine_may_not_connect_to_a_server_elsewhere(string server, string origin, bool allowed)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(server);
        request.Headers.Origin = origin;
        Assert.Equal(allowed, new OriginRules(Options.Create(new AccessOptions())).Allows(request));
    }

    [Fact]
    public async Task A_named_page_may_read_and_push_and_another_may_not()
    {
        await using var host = await GatewayHost.StartAsync(settings: KeyRing.Access(("Origins", "https://desk.example")));
        Assert.Equal("https://desk.example", await AllowedAsync(host, HttpMethod.Get, "https://desk.example"));
        Assert.Null(await AllowedAsync(host, HttpMethod.Get, "https://evil.example"));
        Assert.Equal("https://desk.example", await AllowedAsync(host, HttpMethod.Options, "https://desk.example"));
        Assert.Null(await AllowedAsync(host, HttpMethod.Options, "https://evil.example"));
    }

    [Fact]
    public async Task By_default_no_other_page_may_read()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Null(await AllowedAsync(host, HttpMethod.Get, "https://desk.example"));
        Assert.Null(await AllowedAsync(host, HttpMethod.Options, "https://desk.example"));
    }

    [Fact]
    public async Task A_page_asks_first_without_its_key_and_learns_why_a_key_was_refused()
    {
        using var ring = new KeyRing();
        ring.Add();
        await using var host = await GatewayHost.StartAsync(settings: ring.Settings(("Origins", "https://desk.example")));
        Assert.Equal("https://desk.example", await AllowedAsync(host, HttpMethod.Options, "https://desk.example"));
        Assert.Equal("https://desk.example", await AllowedAsync(host, HttpMethod.Get, "https://desk.example", HttpStatusCode.Unauthorized));
    }

    private static async Task IsAsync(GatewayHost host, string origin, bool allowed)
    {
        if (allowed)
        {
            await using var socket = await host.ConnectAsync(origin: origin);
            return;
        }
        var error = await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync(origin: origin));
        Assert.Contains("403", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> AllowedAsync(GatewayHost host, HttpMethod method, string origin, HttpStatusCode? status = null)
    {
        using var request = new HttpRequestMessage(method, "/api/markets");
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }
        using var response = await host.Http.SendAsync(request);
        if (status is not null) Assert.Equal(status, response.StatusCode);
        if (response.Headers.TryGetValues("Access-Control-Allow-Headers", out var headers)) Assert.Contains("Authorization", string.Join(',', headers), StringComparison.OrdinalIgnoreCase);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? string.Join(',', allowed) : null;
    }
}
