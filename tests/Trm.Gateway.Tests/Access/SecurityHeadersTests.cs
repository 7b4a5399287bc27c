using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/api/markets", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/markets/nowhere/latest", 404)]
    [InlineData("/v2/nothing", 404)]
    [InlineData("/api/trm/summary", 500)]
    public async Task Every_response_tells_browsers_to_guess_and_run_nothing(string path, int status)
    {
        await using var host = await GatewayHost.StartAsync();
        if (status == 500) host.Feed.Failure = new InvalidOperationException("secret detail");
        var response = await host.Http.GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }
}
