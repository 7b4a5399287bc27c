using Microsoft.Playwright;
using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Several markets are tiles, with one in focus.</summary>
public sealed class MarketsTests(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task A_server_of_several_markets_has_a_tile_for_each_and_one_in_focus()
    {
        using var folder = new TemporaryFolder();
        var definition = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "markets", "us-equities.json"));
        Directory.CreateDirectory(folder["markets"]);
        foreach (var id in new[] { "us-equities", "desk-2", "desk-3" })
            await File.WriteAllTextAsync(Path.Combine(folder["markets"], $"{id}.json"), definition.Replace("\"us-equities\"", $"\"{id}\"", StringComparison.Ordinal));
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--markets", folder["markets"], "--market", "us-equities,desk-2,desk-3", "--interval", "0.2");
        await using var _ = server;

        var dashboard = await (await OpenAsync(address)).ShowsPredictionAsync();
        foreach (var id in new[] { "us-equities", "desk-2", "desk-3" }) await dashboard.ReachesAsync($"market-tile-{id}", "data-sequence", 2);
        await dashboard["market-tile-desk-3"].ClickAsync();
        await dashboard.IsAsync("market-name", "data-market", "desk-3");
        await dashboard.IsAsync("market-tile-desk-3", "aria-selected", "true");
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", await dashboard.ChartAsync("last-sequence") + 3);
        Assert.Equal(0, await dashboard.ChartAsync("holes"));
    }

    [Fact]
    public async Task One_market_alone_has_no_tiles()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities");
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.IsHiddenAsync("market-tiles");
    }

    [Fact]
    public async Task A_market_in_focus_is_an_address_that_can_be_sent_to_another()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        host.Feed.Publish("a", 2);
        host.Feed.Publish("b", 5);
        var dashboard = await (await OpenAsync(host.Address, path: "/#market=b")).ShowsPredictionAsync();
        await dashboard.IsAsync("market-name", "data-market", "b");
        await dashboard.HoldsAsync(1, 5);
        await dashboard["market-tile-a"].ClickAsync();
        await Assertions.Expect(dashboard.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("#market=a$"));
        await dashboard.HoldsAsync(1, 2);
    }

    [Fact]
    public async Task What_happens_in_another_market_shows_on_its_tile_only()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        host.Feed.Publish("a", 2);
        host.Feed.Publish("b", 2);
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.IsAsync("market-name", "data-market", "a");
        host.Feed.Publish("b", change: p => p with { Probabilities = [0, 0, 1, 0, 0, 0, 0, 0] });
        await dashboard.IsAsync("market-tile-b", "data-strategy", "balanced_safe");
        await dashboard.IsAsync("market-tile-b", "data-sequence", "3");
        await dashboard.IsAsync("sequence", "data-sequence", "2");
        await dashboard.IsAsync("strategy-name", "data-strategy", "ultra_defensive");
        host.Feed.Fail("b", "missing_bars", "no bar of SPY");
        await dashboard.IsAsync("market-tile-b", "data-state", "error");
        await dashboard.IsHiddenAsync("error-strip");
    }
}
