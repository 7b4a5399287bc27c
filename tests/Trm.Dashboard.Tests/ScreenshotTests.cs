using Microsoft.Playwright;
using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Takes the pictures of <c>docs/</c>, when asked: <c>-explicit only</c>. What they show is simulated, as of a first start.</summary>
public sealed class ScreenshotTests(Chromium chromium) : DashboardTest(chromium)
{
    private const int LimitBytes = 250_000;

    [Fact(Explicit = true)]
    public async Task Screenshots_for_the_documents()
    {
        using var folder = new TemporaryFolder();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.1");
        await using var _ = server;
        await TakeAsync(address, "light", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1280, Height = 900 } });
        await TakeAsync(address, "dark", new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 1280, Height = 900 } });
        await TakeAsync(address, "phone", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 390, Height = 844 }, DeviceScaleFactor = 2, IsMobile = true });
    }

    private async Task TakeAsync(Uri address, string name, BrowserNewContextOptions visitor)
    {
        var dashboard = await (await OpenAsync(address, visitor)).ShowsPredictionAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", 200);
        var picture = await dashboard.Page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "docs", $"dashboard-{name}.png") });
        Assert.InRange(picture.Length, 1, LimitBytes);
    }
}
