using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Trm.Core;
using Trm.Gateway.Tests.Support;
using static Trm.Gateway.Tests.Support.Resuming;

namespace Trm.Gateway.Tests.Connections;

public sealed class ResumeTests
{
    [Theory]
    [InlineData("latest")]
    [InlineData("all")]
    public async Task A_resumed_client_sees_each_sequence_once_and_in_order_while_predictions_keep_coming(string delivery)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 1_500);
        await using var client = await host.ConnectAsync();
        Assert.Equal(1_500, await client.NextSequenceAsync());

        // Most of these come while the log is being read; a client of "latest" resumes without holes too.
        var publishing = Task.Run(() => host.Feed.Publish(count: 300));
        await client.SendAsync(Subscribe(since: 12, delivery));
        await client.NextAsync("subscribed");
        await publishing;
        if (delivery == "all")
        {
            Assert.Equal(Range(13, 1_800), await client.SequencesAsync(1_788));
        }
        else
        {
            var sequences = new List<long>();
            while (sequences.LastOrDefault() < 1_800) sequences.Add(await client.NextSequenceAsync());
            Assert.Equal(Range(13, 1_500), sequences.TakeWhile(s => s <= 1_500));
            Assert.Equal(sequences.Distinct().Order(), sequences);
        }
    }

    [Fact]
    public async Task Subscribed_says_where_each_market_stands_and_echoes_the_id()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        host.Feed.Publish("a", 3);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"subscribe","id":"s1"}""");
        var subscribed = await client.NextAsync("subscribed");
        Assert.Equal(
            $$$"""{"type":"subscribed","markets":{"a":{"epoch":"{{{Samples.Epoch}}}","sequence":3},"b":{"epoch":"{{{Samples.Epoch}}}","sequence":0}},"delivery":"latest","id":"s1"}""",
            subscribed.GetRawText());
    }

    [Fact]
    public async Task Resuming_at_the_head_replays_nothing()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 5);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        await client.SendAsync(Subscribe(since: 5));
        await client.NextAsync("subscribed");
        host.Feed.Publish();
        Assert.Equal(6, await client.NextSequenceAsync());
    }

    [Fact]
    public async Task Resuming_again_starts_anew_from_the_place_given()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 1_000);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Subscribe(since: 0));
        await client.NextAsync("subscribed");
        await client.SendAsync(Subscribe(since: 990));
        await client.NextAsync("subscribed");
        Assert.Equal(Range(991, 1_000), await client.SequencesAsync(10));
        host.Feed.Publish();
        Assert.Equal(1_001, await client.NextSequenceAsync());
    }

    [Theory]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 21, "ahead_of_log")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 9, "gap_too_large")]
    [InlineData("7c9e6679-7425-40de-944b-e07fc1f90ae7", 20, "epoch_changed")]
    public async Task A_place_that_cannot_be_resumed_is_a_resync_with_the_latest_and_live_goes_on(string epoch, long since, string reason)
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.ReplayLimit = 10);
        host.Feed.Publish(count: 20);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        await client.SendAsync(Subscribe(since, epoch: epoch));
        Assert.Equal("subscribed", (await client.NextAsync()).GetProperty("type").GetString());
        Assert.Equal(
            $$"""{"type":"resync","market":"m","reason":"{{reason}}","epoch":"{{Samples.Epoch}}","sequence":20}""",
            (await client.NextAsync()).GetRawText());
        Assert.Equal(20, await client.NextSequenceAsync());
        host.Feed.Publish();
        Assert.Equal(21, await client.NextSequenceAsync());
    }

    [Fact]
    public async Task A_gap_as_large_as_the_limit_is_replayed()
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.ReplayLimit = 10);
        host.Feed.Publish(count: 20);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        await client.SendAsync(Subscribe(since: 10));
        Assert.Equal(Range(11, 20), await client.SequencesAsync(10));
    }

    [Fact]
    public async Task With_delivery_all_a_lost_live_notice_is_read_from_the_log()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.NextAsync("subscribed");
        host.Feed.Publish(count: 2);
        host.Feed.Publish(count: 600, announce: false);
        host.Feed.Publish(count: 3);
        Assert.Equal(Range(1, 605), await client.SequencesAsync(605));
    }

    [Fact]
    public async Task A_gateway_that_missed_live_notices_still_resumes_from_the_log()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 2);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        host.Feed.Publish(count: 8, announce: false);
        await client.SendAsync(Subscribe(since: 9));
        Assert.Equal(10, await client.NextSequenceAsync());
    }

    [Fact]
    public async Task A_log_that_starts_over_is_told_to_those_who_listen()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 7);
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        host.Feed.StartOver("m", Other);
        host.Feed.Publish();
        var resync = await client.NextAsync();
        Assert.Equal("epoch_changed", resync.GetProperty("reason").GetString());
        Assert.Equal(Other, resync.GetProperty("epoch").GetGuid());
        Assert.Equal(1, await client.NextSequenceAsync());
        host.Feed.Publish();
        Assert.Equal(2, await client.NextSequenceAsync());
    }

    [Fact]
    public async Task Unsubscribing_stops_a_market_and_subscribing_brings_its_latest()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"unsubscribe","markets":["a"],"id":1}""");
        Assert.Equal("""{"type":"unsubscribed","markets":["a"],"id":1}""", (await client.NextAsync("unsubscribed")).GetRawText());
        host.Feed.Publish("a", 2);
        host.Feed.Publish("b");
        Assert.Equal("b", Market(await client.NextAsync()));

        await client.SendAsync("""{"type":"subscribe","markets":["a"]}""");
        await client.NextAsync("subscribed");
        var latest = await client.NextAsync();
        Assert.Equal("a", Market(latest));
        Assert.Equal(2, latest.GetProperty("data").GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_list_with_an_unknown_market_changes_nothing()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"unsubscribe","markets":["a","nowhere"]}""");
        Assert.Equal("unknown_market", (await client.NextAsync()).GetProperty("code").GetString());
        host.Feed.Publish("a");
        Assert.Equal("a", Market(await client.NextAsync()));
    }

    [Fact]
    public async Task A_log_that_is_away_for_a_moment_costs_its_client_nothing()
    {
        var time = new FakeTimeProvider(Samples.Start);
        await using var host = await GatewayHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.NextAsync("subscribed");
        host.Feed.Failure = new TrmException("storage_unavailable", "the database restarts");
        host.Feed.Publish(count: 3, announce: false);
        host.Feed.Publish();
        // Tried again once a second, for as long as it takes.
        await GatewayHost.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return host.Feed.FailedReads >= 3;
        });
        host.Feed.Failure = null;
        host.Feed.Publish();
        var sequences = client.SequencesAsync(5);
        await GatewayHost.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return sequences.IsCompleted;
        });
        Assert.Equal(Range(1, 5), await sequences);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_closes_with_1011_so_that_the_client_comes_back()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.NextAsync("subscribed");
        host.Feed.Publish(announce: false);
        host.Feed.Failure = new TimeoutException();
        host.Feed.Publish();
        Assert.Equal(1011, await client.CloseCodeAsync());
    }

    private static string? Market(JsonElement message) => message.GetProperty("data").GetProperty("market").GetString();
}
