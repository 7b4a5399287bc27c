using Microsoft.Playwright;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Small screens, dark rooms.</summary>
public sealed class AppearanceTests(Chromium chromium) : DashboardTest(chromium)
{
    private const string LongId = "a-market-whose-id-has-all-of-the-sixty-four-characters-it-may-ha";

    [Theory]
    [InlineData(320)]
    [InlineData(360)]
    [InlineData(412)]
    public async Task On_a_phone_nothing_is_wider_than_the_screen(int width)
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed(LongId, "b", "c"));
        foreach (var market in new[] { LongId, "b", "c" }) host.Feed.Publish(market, 40);
        host.Feed.Publish(LongId, change: p => p with { Probabilities = [0, 0, 0, 0, 0, 0, 0, 1], RawFeatures = Trm.Core.Features.FeatureVector.From([-123456.789, -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.99, 0.03, 0.95]) });
        host.Feed.Fail(LongId, "missing_bars", "no bar of SPY for 2026-11-23, and none of the other thirteen members either, which is a long story");
        var dashboard = await (await OpenAsync(host.Address, new() { ViewportSize = new() { Width = width, Height = 740 }, IsMobile = true, HasTouch = true })).ShowsPredictionAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 41);
        Assert.Empty(await dashboard.Page.EvaluateAsync<string[]>(Outside, width));
        Assert.Equal(width, await dashboard.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task The_page_is_as_dark_as_the_visitor_wants_and_remembers_what_was_chosen()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities");
        var dashboard = await (await OpenAsync(host.Address, new() { ColorScheme = ColorScheme.Dark })).ShowsPredictionAsync();
        Assert.True(await BrightnessAsync(dashboard) < 0.2);
        await dashboard.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.True(await BrightnessAsync(dashboard) > 0.8);

        await dashboard["theme-toggle"].ClickAsync(); // auto, light
        await dashboard["theme-toggle"].ClickAsync(); // light, dark
        await dashboard.IsAsync("theme-toggle", "data-theme", "dark");
        Assert.True(await BrightnessAsync(dashboard) < 0.2);
        await dashboard.Page.ReloadAsync();
        await dashboard.IsAsync("theme-toggle", "data-theme", "dark");
        Assert.True(await BrightnessAsync(dashboard) < 0.2);
    }

    // Elements that people cannot reach by scrolling down; what scrolls sideways within the page does so on purpose.
    private const string Outside = """
        width => [...document.querySelectorAll('body *')].filter(e => {
          const box = e.getBoundingClientRect();
          if (!e.checkVisibility() || box.width <= 1 || box.height <= 1 || box.right <= width + 1) return false;
          for (let up = e; up; up = up.parentElement) if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) return false;
          return true;
        }).map(e => `${e.tagName} ${e.className} ${e.dataset.testid ?? ''} ends at ${e.getBoundingClientRect().right}`)
        """;

    // Of the page's background: 0 black, 1 white.
    private static Task<double> BrightnessAsync(DashboardPage dashboard) => dashboard.Page.EvaluateAsync<double>("""
        () => {
          const opaque = [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor).find(c => !/, 0\)$/.test(c));
          const canvas = document.createElement('canvas').getContext('2d');
          canvas.fillStyle = opaque;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
          return (r + g + b) / 765;
        }
        """);
}
