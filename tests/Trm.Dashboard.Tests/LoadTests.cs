using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>Many updates, for long. What depends on the machine is printed: run with <c>-showLiveOutput</c>.</summary>
public sealed class LoadTests(Chromium chromium, ITestOutputHelper output) : DashboardTest(chromium)
{
    private const string WatchFrames = """
        () => {
          window.frames50 = { count: 0, long: [], tasks: [] };
          let last = performance.now();
          const frame = now => {
            window.frames50.count++;
            if (now - last > 50) window.frames50.long.push(Math.round(now - last));
            last = now;
            requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
          new PerformanceObserver(list => window.frames50.tasks.push(...list.getEntries().map(e => Math.round(e.duration)))).observe({ type: 'longtask' });
        }
        """;

    [Fact]
    public async Task Twenty_updates_a_second_all_arrive()
    {
        const int Before = 100, Updates = 120;
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities", Before);
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard["history-range-all"].ClickAsync();
        await dashboard.HoldsAsync(1, Before);
        await dashboard.Page.EvaluateAsync(WatchFrames);

        using var rhythm = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        for (var i = 0; i < Updates && await rhythm.WaitForNextTickAsync(); i++) host.Feed.Publish("us-equities");

        await dashboard.HoldsAsync(1, Before + Updates);
        var frames = await dashboard.AskAsync("() => window.frames50");
        output.WriteLine($"{Updates} updates at 20/s over {Before} points: {frames.GetProperty("count")} frames, over 50 ms: {frames.GetProperty("long")} ms, long tasks: {frames.GetProperty("tasks")} ms");
    }

    [Fact]
    public async Task A_long_day_takes_bounded_memory()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities");
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard.HoldsAsync(1, 1);
        var devTools = await dashboard.Page.Context.NewCDPSessionAsync(dashboard.Page);

        // The first part fills what is kept one by one; from there on only what is folded grows.
        var full = await AfterAsync(6_000);
        var later = await AfterAsync(12_000);
        output.WriteLine($"heap after 6,000 updates {full:N0} bytes, after 12,000 {later:N0}");
        Assert.InRange(later, 0, (long)(full * 1.25));
        Assert.Equal(0, await dashboard.ChartAsync("holes"));

        async Task<long> AfterAsync(int sequence)
        {
            for (var at = await dashboard.ChartAsync("last-sequence"); at < sequence; at = await dashboard.ChartAsync("last-sequence"))
            {
                host.Feed.Publish("us-equities", (int)Math.Min(200, sequence - at)); // less than the server keeps waiting for one client
                await dashboard.ReachesAsync("history-chart", "data-last-sequence", Math.Min(at + 200, sequence));
            }
            var smallest = long.MaxValue;
            // One collection leaves what was reached through weak references and what is being optimised; the least of a few is held.
            for (var i = 0; i < 5; i++)
            {
                await devTools.SendAsync("HeapProfiler.collectGarbage");
                smallest = Math.Min(smallest, (await devTools.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetInt64());
            }
            return smallest;
        }
    }
}
