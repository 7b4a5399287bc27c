using System.Text.RegularExpressions;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.StatusPage;

public sealed class StatusPageTests
{
    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere_and_its_policy_allows_nothing_else()
    {
        await using var host = await GatewayHost.StartAsync();
        var response = await host.Http.GetAsync("/");
        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("/ws/", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(src|href)\s*=\s*[""']?(https?:)?//", html);
        // An inline handler or style attribute would be blocked by the policy below.
        Assert.DoesNotMatch(@"\s(style|on\w+)\s*=\s*""", html);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(policy, @"'sha256-[A-Za-z0-9+/]{43}='"));
    }
}
