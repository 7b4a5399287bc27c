using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>What the page makes of what the server sends.</summary>
public sealed class LiveTests(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task Each_prediction_is_on_the_screen_with_its_allocation_and_its_inputs()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities", 3);
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.IsAsync("strategy-name", "data-strategy", "ultra_defensive");
        await dashboard.IsAsync("source-badge", "data-source", "replay");
        await dashboard.IsAsync("allocation", "data-benchmark", "20");
        await dashboard.IsAsync("allocation", "data-bond", "50");
        await dashboard.IsAsync("allocation", "data-cash", "30");

        host.Feed.Publish("us-equities", change: p => p with { Probabilities = [0.05f, 0.1f, 0.05f, 0.05f, 0.05f, 0.6f, 0.05f, 0.05f], Origin = SnapshotOrigin.Live });
        await dashboard.IsAsync("strategy-name", "data-strategy", "aggressive_growth");
        await dashboard.IsAsync("source-badge", "data-source", "live");
        await dashboard.IsAsync("sequence", "data-sequence", "4");
        await dashboard.IsAsync("allocation", "data-benchmark", "90");
        await dashboard.IsAsync("allocation", "data-cash", "0");
        await dashboard.IsAsync("probability-aggressive_growth", "data-leader", "true");
        await dashboard.IsAsync("probability-ultra_defensive", "data-leader", "false");
        Assert.Equal(0.6, await dashboard.NumberAsync("confidence", "data-value"), 6);
        Assert.Equal(0.0123, await dashboard.NumberAsync("halt", "data-value"), 6);
        Assert.Equal(14.5, await dashboard.NumberAsync("feature-vix", "data-raw"));
        Assert.Equal(-0.5, await dashboard.NumberAsync("feature-vix", "data-z"));
        await dashboard.HoldsAsync(1, 4);
    }

    [Fact]
    public async Task An_input_out_of_its_range_is_marked()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities", change: p => p with { NormalizedFeatures = Trm.Core.Features.FeatureVector.From([9, 0, 0, 0, 0, 0, 0, 0, 0, 0]) });
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.IsAsync("feature-vix", "data-out-of-range", "true");
        await dashboard.IsAsync("feature-correlation", "data-out-of-range", "false");
    }

    [Fact]
    public async Task A_screen_reader_hears_a_change_of_strategy_and_not_every_tick()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities");
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 1);
        await dashboard.Page.EvaluateAsync("""
            () => {
              window.heard = [];
              const region = document.querySelector("[data-testid='live-region']");
              new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
            }
            """);

        host.Feed.Publish("us-equities", 5);
        await dashboard.ReachesAsync("sequence", "data-sequence", 6);
        Assert.Empty(await dashboard.Page.EvaluateAsync<string[]>("() => window.heard"));
        host.Feed.Publish("us-equities", change: p => p with { Probabilities = [0, 0, 0, 0, 0, 0, 1, 0] });
        await dashboard.Page.WaitForFunctionAsync("() => window.heard.length > 0");
        Assert.Contains("max growth", (await dashboard.Page.EvaluateAsync<string[]>("() => window.heard"))[^1].Replace('_', ' '), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_tick_without_a_prediction_says_why_until_the_next_one()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities");
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        host.Feed.Fail("us-equities", "missing_bars", "no bar of SPY for 2026-11-23");
        await dashboard.IsVisibleAsync("error-strip");
        await dashboard.IsAsync("error-strip", "data-code", "missing_bars");
        Assert.Contains("no bar of SPY", await dashboard["error-strip"].InnerTextAsync(), StringComparison.Ordinal);
        host.Feed.Publish("us-equities");
        await dashboard.IsHiddenAsync("error-strip");
    }

    [Fact]
    public async Task A_market_without_a_prediction_waits_for_its_first()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        var dashboard = await OpenAsync(host.Address);
        await dashboard.IsAsync("connection-state", "data-state", "open");
        await dashboard.IsVisibleAsync("market-name");
        host.Feed.Publish("us-equities");
        await dashboard.ShowsPredictionAsync();
        await dashboard.HoldsAsync(1, 1);
    }

    [Fact]
    public async Task A_log_that_started_over_is_told_and_shown_from_its_start()
    {
        var feed = new FakeFeed("us-equities");
        var first = await GatewayHost.StartAsync(feed);
        feed.Publish("us-equities", 5);
        var address = first.Address;
        var dashboard = await (await OpenAsync(address)).ShowsPredictionAsync();
        await dashboard.HoldsAsync(1, 5);

        await first.DisposeAsync();
        var epoch = new Guid("7d444840-9dc0-11d1-b245-5ffdce74fad2");
        feed.StartOver("us-equities", epoch);
        feed.Publish("us-equities", 2);
        await using var second = await GatewayHost.StartAsync(feed, address: address);
        await dashboard.IsAsync("history-chart", "data-epoch", epoch.ToString());
        await dashboard.IsAsync("notice", "data-kind", "epoch_changed");
        await dashboard.HoldsAsync(1, 2);
    }
}
