using Microsoft.Playwright;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Everything is reached and used without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : DashboardTest(chromium)
{
    private const string Focused = "() => document.activeElement?.dataset.testid ?? document.activeElement?.tagName";

    [Fact]
    public async Task The_first_tab_is_a_visible_link_past_the_header()
    {
        await using var host = await StartAsync();
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(dashboard["skip-link"]).ToBeFocusedAsync();
        await Assertions.Expect(dashboard["skip-link"]).ToBeInViewportAsync();
        await dashboard.Page.Keyboard.PressAsync("Enter");
        Assert.True(await dashboard.Page.EvaluateAsync<bool>("() => document.activeElement.closest('main') !== null"));
    }

    [Fact]
    public async Task Tab_goes_through_the_page_from_top_to_bottom_and_each_stop_is_seen()
    {
        await using var host = await StartAsync();
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 30);
        var stops = new List<string>();
        for (var i = 0; i < 80; i++)
        {
            await dashboard.Page.Keyboard.PressAsync("Tab");
            var stop = await dashboard.Page.EvaluateAsync<string>(Focused);
            if (stop == "BODY") break;
            if (stops.Contains(stop)) continue; // a field for a date has a stop for each of its parts
            stops.Add(stop);
            Assert.True(await dashboard.Page.EvaluateAsync<bool>(ShowsFocus), $"{stop} does not show that it has the focus");
        }

        string[] wanted = ["skip-link", "theme-toggle", "market-tile-a", "history-range-1h", "history-range-all", "history-axis", "csv-download"];
        Assert.Empty(wanted.Except(stops));
        Assert.Equal(wanted.Take(4), stops.Intersect(wanted).Take(4));
        Assert.DoesNotContain("market-tile-b", stops); // one stop for all tiles; arrows move between them
    }

    [Fact]
    public async Task Arrows_move_between_the_tiles_and_enter_takes_one_into_focus()
    {
        await using var host = await StartAsync();
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard["market-tile-a"].FocusAsync();
        await dashboard.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(dashboard["market-tile-b"]).ToBeFocusedAsync();
        await dashboard.Page.Keyboard.PressAsync("End");
        await Assertions.Expect(dashboard["market-tile-c"]).ToBeFocusedAsync();
        await dashboard.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(dashboard["market-tile-a"]).ToBeFocusedAsync();
        await dashboard.Page.Keyboard.PressAsync("ArrowLeft");
        await dashboard.Page.Keyboard.PressAsync("Enter");
        await dashboard.IsAsync("market-name", "data-market", "c");
        await dashboard.Page.Keyboard.PressAsync("Home");
        await dashboard.Page.Keyboard.PressAsync("Space");
        await dashboard.IsAsync("market-name", "data-market", "a");
    }

    [Fact]
    public async Task A_range_is_chosen_by_keyboard()
    {
        await using var host = await StartAsync();
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard["history-range-all"].FocusAsync();
        await dashboard.Page.Keyboard.PressAsync("Space");
        await dashboard.IsAsync("history-range-all", "aria-pressed", "true");
        await dashboard.IsAsync("history-range-1h", "aria-pressed", "false");

        await dashboard["history-range-custom"].FocusAsync();
        await dashboard.Page.Keyboard.PressAsync("Enter");
        await dashboard.IsVisibleAsync("history-from");
        await dashboard.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(dashboard["history-from"]).ToBeFocusedAsync();
    }

    // An outline, a shadow or a border that is there with the focus.
    private const string ShowsFocus = """
        () => {
          const e = document.activeElement;
          const look = () => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join(); };
          const focused = look();
          e.blur();
          const blurred = look();
          e.focus({ focusVisible: true, preventScroll: true });
          return focused !== blurred;
        }
        """;

    private static async Task<GatewayHost> StartAsync()
    {
        var host = await GatewayHost.StartAsync(new FakeFeed("a", "b", "c"));
        foreach (var market in new[] { "a", "b", "c" }) host.Feed.Publish(market, 30);
        return host;
    }
}
