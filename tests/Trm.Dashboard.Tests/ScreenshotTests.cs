using System.Text.Json;
using Microsoft.Playwright;
using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Takes the pictures of <c>docs/</c>, when asked: <c>-explicit only</c>. They show a replay of real bars.</summary>
public sealed class ScreenshotTests(Chromium chromium) : DashboardTest(chromium)
{
    private const int LimitBytes = 250_000;
    private const string LastSession = "2022-11-30";

    [Fact(Explicit = true)]
    public async Task Screenshots_for_the_documents()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["ingest", SharedData.File("bars-2010-2022.csv")])).Code);
        string[] replay = ["--source", "replay", "--from", "2019-01-02"];
        await RunToTheEndAsync(folder.Path, [.. replay, "--to", LastSession, "--interval", "0"]);
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, [.. replay, "--interval", "3"]);
        await using var _ = server;

        await TakeAsync(address, "light", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1280, Height = 1124 } });
        await TakeAsync(address, "dark", new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 1280, Height = 1124 } });
        await TakeAsync(address, "phone", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 390, Height = 844 }, DeviceScaleFactor = 2, IsMobile = true });
    }

    private async Task TakeAsync(Uri address, string name, BrowserNewContextOptions visitor)
    {
        visitor.ReducedMotion = ReducedMotion.Reduce; // or a bar may be on its way
        var dashboard = await (await OpenAsync(address, visitor)).ShowsPredictionAsync();
        await dashboard["history-axis"].SelectOptionAsync("as_of");
        await dashboard["history-range-1y"].ClickAsync();
        await dashboard.Page.EvaluateAsync("() => document.activeElement.blur()");
        await dashboard.IsVisibleAsync("outcomes");
        var seen = (long)await dashboard.NumberAsync("sequence", "data-sequence");
        await dashboard.ReachesAsync("history-chart", "data-count", 200);
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", seen + 1);
        var picture = await dashboard.Page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "docs", $"dashboard-{name}.png") });
        Assert.InRange(picture.Length, 1, LimitBytes);
    }

    private static async Task RunToTheEndAsync(string folder, string[] arguments)
    {
        var (server, address) = await TrmProcess.ServeAsync(folder, arguments);
        await using var _ = server;
        using var http = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var latest = await http.GetAsync("/api/markets/us-equities/latest", limit.Token);
            if (latest.IsSuccessStatusCode
                && JsonDocument.Parse(await latest.Content.ReadAsStringAsync(limit.Token)).RootElement.GetProperty("as_of").GetString()!.StartsWith(LastSession, StringComparison.Ordinal))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
    }
}
