using Microsoft.Playwright;
using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>A server that wants a key: the page asks its user for it.</summary>
public sealed class KeyTests(Chromium chromium) : DashboardTest(chromium)
{
    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_page_asks_for_a_key_refuses_a_wrong_one_and_asks_again_when_it_is_revoked()
    {
        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "desk"])).Output.Trim();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.2");
        await using var _ = server;
        var dashboard = await OpenAsync(address);

        await dashboard.IsVisibleAsync("key-form");
        await dashboard["key-input"].FillAsync($"{key}x");
        await dashboard["key-submit"].ClickAsync();
        await Assertions.Expect(dashboard["key-message"]).Not.ToBeEmptyAsync();
        await dashboard.IsVisibleAsync("key-form");
        await dashboard["key-input"].FillAsync(key);
        await dashboard["key-input"].PressAsync("Enter");
        await dashboard.ShowsPredictionAsync();
        await dashboard.IsHiddenAsync("key-form");
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 5);
        Assert.Equal(0, await dashboard.ChartAsync("holes"));

        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["keys", "revoke", key.Split('_')[1]])).Code);
        await dashboard.IsVisibleAsync("key-form");
    }

    [Fact]
    public async Task A_key_is_remembered_by_the_tab_alone_unless_its_user_wants_more()
    {
        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "desk"])).Output.Trim();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        var dashboard = await OpenAsync(address);
        await dashboard["key-input"].FillAsync(key);
        await dashboard["key-submit"].ClickAsync();
        await dashboard.ShowsPredictionAsync();
        await dashboard.Page.ReloadAsync();
        await dashboard.ShowsPredictionAsync();
        Assert.DoesNotContain(key, await dashboard.Page.EvaluateAsync<string>("() => JSON.stringify(localStorage) + document.cookie + location.href"), StringComparison.Ordinal);

        var tab = await dashboard.Page.Context.NewPageAsync();
        await tab.GotoAsync(address.ToString());
        var other = new DashboardPage(tab);
        await other.IsVisibleAsync("key-form");
        await other["key-remember"].CheckAsync();
        await other["key-input"].FillAsync(key);
        await other["key-submit"].ClickAsync();
        await other.ShowsPredictionAsync();
        var third = await dashboard.Page.Context.NewPageAsync();
        await third.GotoAsync(address.ToString());
        await new DashboardPage(third).ShowsPredictionAsync();
    }
}
