using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Whether the model has been right.</summary>
public sealed class OutcomesTests(Chromium chromium) : DashboardTest(chromium)
{
    [Fact]
    public async Task What_came_of_a_replays_predictions_is_on_the_page()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], 120)])).Code);
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--source", "replay", "--from", $"{SyntheticBars.First:yyyy-MM-dd}", "--interval", "0.1");
        await using var _ = server;
        var dashboard = await (await OpenAsync(address)).ShowsPredictionAsync();
        await dashboard.IsVisibleAsync("outcomes");
        await dashboard.ReachesAsync("outcomes", "data-sessions", 1);
        Assert.InRange(await dashboard.NumberAsync("outcomes", "data-hit-rate"), 0, 1);
        await dashboard.IsAsync("source-badge", "data-source", "replay");
    }
}
