using Trm.Cli.Tests.Support;
using Trm.Dashboard.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>What a visitor waits for. The browser's own figures are printed: run with <c>-showLiveOutput</c>.</summary>
public sealed class FirstPaintTests(Chromium chromium, ITestOutputHelper output) : DashboardTest(chromium)
{
    private const int TransferLimit = 120_000;

    // Names as the standards have them: Navigation Timing, Paint Timing, User Timing, Resource Timing. Milliseconds, bytes.
    private const string Timings = """
        () => {
          const [page] = performance.getEntriesByType('navigation');
          const at = (type, name) => performance.getEntriesByName(name, type)[0]?.startTime;
          return {
            times: {
              'first byte': page.responseStart, 'dom interactive': page.domInteractive, 'load': page.loadEventEnd,
              'first paint': at('paint', 'first-paint'), 'first contentful paint': at('paint', 'first-contentful-paint'),
              'trm:first-prediction': at('mark', 'trm:first-prediction'), 'trm:history': at('mark', 'trm:history'),
            },
            transfers: [page, ...performance.getEntriesByType('resource')].map(e => ({ name: new URL(e.name).pathname, type: e.initiatorType, bytes: e.transferSize, decoded: e.decodedBodySize })),
          };
        }
        """;

    private readonly TemporaryFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_simulated_market_is_on_the_screen_as_one_and_the_page_is_small()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        var dashboard = await OpenAsync(address);
        await dashboard.ShowsPredictionAsync();

        await dashboard.IsAsync("source-badge", "data-source", "simulated");
        Assert.Equal("SIMULATED", (await dashboard["source-badge"].InnerTextAsync()).Trim());
        Assert.InRange(await dashboard.NumberAsync("confidence", "data-value"), 0.125, 1);
        Assert.Equal(1, (await ProbabilitiesAsync(dashboard)).Sum(), 3);
        await dashboard.Page.WaitForFunctionAsync("() => performance.getEntriesByName('trm:first-prediction').length && performance.getEntriesByName('trm:history').length");

        var (page, all) = await PrintAsync(dashboard);
        Assert.InRange(page, 1, TransferLimit);
        Assert.True(all >= page);
    }

    private static async Task<double[]> ProbabilitiesAsync(DashboardPage dashboard)
    {
        var rows = await dashboard.Page.Locator("[data-testid^='probability-']").AllAsync();
        Assert.Equal(8, rows.Count);
        return await Task.WhenAll(rows.Select(async r => double.Parse((await r.GetAttributeAsync("data-value"))!, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task<(long Page, long All)> PrintAsync(DashboardPage dashboard)
    {
        var timings = await dashboard.AskAsync(Timings);
        foreach (var time in timings.GetProperty("times").EnumerateObject()) output.WriteLine($"{time.Name,-24} {time.Value.GetDouble(),8:F1} ms");
        long page = 0, all = 0;
        foreach (var transfer in timings.GetProperty("transfers").EnumerateArray())
        {
            var (name, bytes) = (transfer.GetProperty("name").GetString()!, transfer.GetProperty("bytes").GetInt64());
            all += bytes;
            if (!name.StartsWith("/api/", StringComparison.Ordinal)) page += bytes;
            output.WriteLine($"{name,-40} {bytes,8} bytes, {transfer.GetProperty("decoded").GetInt64(),8} decoded");
        }
        output.WriteLine($"{"the page's files",-40} {page,8} bytes; with the data {all}");
        return (page, all);
    }
}
