using Trm.Cli.Tests.Support;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
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

    [Fact]
    public async Task With_a_long_history_the_first_load_is_small_too()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++) host.Feed.Publish("us-equities", change: p => Vary(p, random));
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.Page.WaitForFunctionAsync("() => performance.getEntriesByName('trm:history').length");
        var (_, all) = await PrintAsync(dashboard);
        Assert.InRange(all, 1, TransferLimit);
    }

    // As different from one another as a market's are: equal ones would compress to nothing.
    private static Prediction Vary(Prediction prediction, Random random)
    {
        var probabilities = prediction.Probabilities.Select(_ => random.NextSingle() + 0.1f).ToArray();
        return prediction with
        {
            Probabilities = [.. probabilities.Select(p => p / probabilities.Sum())],
            HaltProbability = random.NextSingle(),
            RawFeatures = FeatureVector.From([Math.Round(10 + (random.NextDouble() * 20), 2), .. Enumerable.Range(0, 8).Select(_ => random.NextDouble()), 1]),
            NormalizedFeatures = FeatureVector.From([.. Enumerable.Range(0, FeatureNames.Count).Select(_ => (random.NextDouble() * 4) - 2)]),
            TraceParent = $"00-{random.NextInt64():x16}{random.NextInt64():x16}-{random.NextInt64() | 1:x16}-00",
        };
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
