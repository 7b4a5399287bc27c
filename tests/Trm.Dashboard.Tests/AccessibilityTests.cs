using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Dashboard;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>axe-core finds no serious or critical violation, whatever the page shows.</summary>
public sealed class AccessibilityTests(Chromium chromium) : DashboardTest(chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task With_predictions_an_error_and_inputs_out_of_range(ColorScheme scheme, int width)
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities", "b"));
        host.Feed.Publish("us-equities", 40);
        host.Feed.Publish("b", 4);
        host.Feed.Publish("us-equities", change: p => p with { NormalizedFeatures = Trm.Core.Features.FeatureVector.From([9, -9, 0, 0, 0, 0, 0, 0, 0, 0]) });
        var dashboard = await (await OpenAsync(host.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } })).ShowsPredictionAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 41);
        host.Feed.Fail("us-equities", "missing_bars", "no bar of SPY");
        host.Feed.Fail("b", "missing_bars", "no bar of SPY");
        await dashboard.IsVisibleAsync("error-strip");
        await Axe.AssertCleanAsync(dashboard.Page, $"{scheme}, {width} pixels");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Offline(ColorScheme scheme)
    {
        var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities", 3);
        var dashboard = await (await OpenAsync(host.Address, new() { ColorScheme = scheme })).ShowsPredictionAsync();
        await host.DisposeAsync();
        await dashboard.IsVisibleAsync("offline-banner");
        await Axe.AssertCleanAsync(dashboard.Page, "offline");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Asking_for_a_key(ColorScheme scheme)
    {
        using var keys = new KeyRing();
        keys.Add();
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"), settings: keys.Settings());
        var dashboard = await OpenAsync(host.Address, new() { ColorScheme = scheme });
        await dashboard.IsVisibleAsync("key-form");
        await Axe.AssertCleanAsync(dashboard.Page, "asking for a key");
        await dashboard["key-input"].FillAsync("trm_wrong");
        await dashboard["key-submit"].ClickAsync();
        await Assertions.Expect(dashboard["key-message"]).Not.ToBeEmptyAsync();
        await Axe.AssertCleanAsync(dashboard.Page, "a key was refused");
    }

    [Fact]
    public async Task Before_the_first_prediction()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        var dashboard = await OpenAsync(host.Address);
        await dashboard.IsAsync("connection-state", "data-state", "open");
        await Axe.AssertCleanAsync(dashboard.Page, "without a prediction");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_plain_page_of_a_server_without_the_dashboard(ColorScheme scheme)
    {
        await using var host = await GatewayHost.StartAsync(services: s => s.AddSingleton(DashboardAssets.Plain));
        var page = await (await NewContextAsync(host.Address, new() { ColorScheme = scheme })).NewPageAsync();
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.GetByText("built without its dashboard")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page, "plain");
    }
}
