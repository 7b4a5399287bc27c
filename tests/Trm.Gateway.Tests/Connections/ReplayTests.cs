using Trm.Gateway.Connections;
using Trm.Gateway.Tests.Support;
using static Trm.Gateway.Tests.Support.Resuming;

namespace Trm.Gateway.Tests.Connections;

/// <summary>What a replay costs the log.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task A_client_that_missed_little_costs_the_log_nothing()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
        // It has its subscription: the last of these comes to it when all are in memory, and not from the head of the log.
        host.Feed.Publish(count: 200);
        await GatewayHost.UntilAsync(() => client.NextSequenceAsync().Result == 200);
        var before = host.Feed.Reads;
        await client.SendAsync(Subscribe(since: 50));
        Assert.Equal(Range(51, 200), await client.SequencesAsync(150));
        Assert.Equal(before, host.Feed.Reads);
    }

    [Fact]
    public async Task Clients_that_missed_the_same_read_the_log_once()
    {
        const int Clients = 40;
        await using var host = await GatewayHost.StartAsync(options: o => o.RecentLimit = 1);
        host.Feed.Publish(count: 5 * ReplayReader.PageSize);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            await using var client = await host.ConnectAsync($"c{i}");
            await client.NextSequenceAsync();
            // Not all from the same place, but within the same pages.
            var since = 10 + i;
            await client.SendAsync(Subscribe(since));
            Assert.Equal(Range(since + 1, 5 * ReplayReader.PageSize), await client.SequencesAsync((5 * ReplayReader.PageSize) - since));
        }));
        Assert.InRange(host.Feed.Reads, 5, 10);
    }

    [Fact]
    public async Task A_page_of_the_end_of_the_log_is_not_given_to_those_who_miss_more()
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.RecentLimit = 1);
        host.Feed.Publish(count: 5);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        foreach (var end in new[] { 10, 15, 20 })
        {
            host.Feed.Publish(count: 5, announce: false);
            await client.SendAsync(Subscribe(since: 1));
            await client.NextAsync("subscribed");
            Assert.Equal(Range(2, end), await client.SequencesAsync(end - 1));
        }
    }
}
