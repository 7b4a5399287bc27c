using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Trm.Gateway.Dashboard;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Dashboard;

/// <summary>What the build put into the assembly: the dashboard where npm was there, and always the plain page.</summary>
public sealed class EmbeddedPageTests
{
    [Fact]
    public async Task Without_a_dashboard_the_page_says_what_is_missing_and_what_works()
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton(DashboardAssets.Plain));
        var html = await host.Http.GetStringAsync("/");
        Assert.Contains("built without its dashboard", html, StringComparison.Ordinal);
        Assert.Contains("Node.js", html, StringComparison.Ordinal);
        foreach (var link in Links(html)) Assert.Equal(System.Net.HttpStatusCode.OK, (await host.Http.GetAsync(link)).StatusCode);
        Assert.Contains("/openapi/v1.json", Links(html));
    }

    [Fact]
    public async Task The_page_that_was_built_is_whole_and_needs_nothing_that_its_policy_forbids()
    {
        await using var host = await GatewayHost.StartAsync();
        var html = await host.Http.GetStringAsync("/");
        Assert.NotEmpty(Links(html));
        foreach (var link in Links(html)) Assert.Equal(System.Net.HttpStatusCode.OK, (await host.Http.GetAsync(link)).StatusCode);
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)|<style|\s(style|on\w+)\s*=", html);
        Assert.DoesNotMatch(@"<(script|link|img)[^>]*(src|href)\s*=\s*[""']?(https?:)?//", html);
    }

    // Of this server: what a page loads, and where it leads.
    private static List<string> Links(string html) => [.. Regex.Matches(html, @"(?:src|href)\s*=\s*""(\.?/[^""]*)""").Select(m => m.Groups[1].Value)];
}
