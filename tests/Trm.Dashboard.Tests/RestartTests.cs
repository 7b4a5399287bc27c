using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>The server dies, and comes back: the page says so, and its charts have no hole.</summary>
public sealed class RestartTests(Chromium chromium) : DashboardTest(chromium)
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_server_that_was_killed_and_started_again_leaves_no_hole_in_the_charts()
    {
        string[] arguments = ["--interval", "0.1"];
        var (first, address) = await TrmProcess.ServeAsync(folder.Path, arguments);
        await using var ofFirst = first;
        var dashboard = await (await OpenAsync(address)).ShowsPredictionAsync();
        await dashboard.IsAsync("history-chart", "data-first-sequence", "1");
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 10);
        var epoch = await dashboard.ReadAsync("history-chart", "data-epoch");

        await first.KillAsync();
        await dashboard.IsVisibleAsync("offline-banner");
        Assert.Matches(@"[Oo]ffline since \d{1,2}:\d\d:\d\d", await dashboard["offline-banner"].InnerTextAsync());
        await dashboard.IsAsync("connection-state", "data-state", "waiting");
        var seen = await dashboard.ChartAsync("last-sequence");

        var (second, _) = await TrmProcess.ServeAsync(folder.Path, [.. arguments, "--urls", address.ToString().TrimEnd('/')]);
        await using var ofSecond = second;
        await dashboard.IsHiddenAsync("offline-banner");
        await dashboard.IsAsync("connection-state", "data-state", "open");
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", seen + 20);
        Assert.Equal(0, await dashboard.ChartAsync("holes"));
        Assert.Equal(1, await dashboard.ChartAsync("first-sequence"));
        Assert.Equal(epoch, await dashboard.ReadAsync("history-chart", "data-epoch"));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1_500)] // more than the server keeps in memory, and than one page of history
    public async Task What_was_predicted_while_the_page_was_away_is_in_the_charts_when_it_is_back(int missed)
    {
        var feed = new FakeFeed("us-equities");
        var first = await GatewayHost.StartAsync(feed);
        var address = first.Address;
        feed.Publish("us-equities", 7);
        var dashboard = await (await OpenAsync(address)).ShowsPredictionAsync();
        await dashboard.HoldsAsync(1, 7);

        await first.DisposeAsync();
        await dashboard.IsVisibleAsync("offline-banner");
        feed.Publish("us-equities", missed);
        await using var second = await GatewayHost.StartAsync(feed, address: address);
        await dashboard["retry-now"].ClickAsync();
        await dashboard.IsHiddenAsync("offline-banner");
        feed.Publish("us-equities", 3);
        await dashboard.HoldsAsync(1, 7 + missed + 3);
        await dashboard.IsAsync("sequence", "data-sequence", $"{7 + missed + 3}");
    }
}
