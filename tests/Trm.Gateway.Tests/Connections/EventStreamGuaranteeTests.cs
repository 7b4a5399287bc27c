using Microsoft.Extensions.Time.Testing;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Tests.Support;
using static Trm.Gateway.Tests.Support.Resuming;

namespace Trm.Gateway.Tests.Connections;

/// <summary>What a WebSocket client is promised holds for an event stream too.</summary>
public sealed class EventStreamGuaranteeTests
{
    [Theory]
    [InlineData("latest")]
    [InlineData("all")]
    public async Task A_resumed_stream_has_each_sequence_once_and_in_order_while_predictions_keep_coming(string delivery)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 1_500);
        var publishing = Task.Run(() => host.Feed.Publish(count: 300));
        using var stream = await TestEventStream.OpenAsync(host, Id(12), $"?delivery={delivery}");
        await publishing;
        var sequences = await stream.SequencesUntilAsync(1_800);
        if (delivery == "all") Assert.Equal(Range(13, 1_800), sequences);
        Assert.Equal(Range(13, 1_500), sequences.TakeWhile(s => s <= 1_500));
        Assert.Equal(sequences.Distinct().Order(), sequences);
    }

    [Fact]
    public async Task A_stream_that_breaks_again_and_again_sees_each_sequence_once()
    {
        await using var host = await GatewayHost.StartAsync();
        var seen = new List<long>();
        for (var visit = 0; visit < 10; visit++)
        {
            host.Feed.Publish(count: 40, announce: visit % 2 == 0);
            using var stream = await TestEventStream.OpenAsync(host, Id(seen.LastOrDefault()), "?delivery=all");
            // Leaves in the middle of what it missed: the rest comes at the next visit.
            seen.AddRange(await stream.SequencesAsync(30));
        }
        using var last = await TestEventStream.OpenAsync(host, Id(seen[^1]), "?delivery=all");
        seen.AddRange(await last.SequencesUntilAsync(400));
        Assert.Equal(Range(1, 400), seen);
    }

    [Fact]
    public async Task The_place_may_be_in_the_address_and_the_header_comes_first()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 9);
        using var byAddress = await TestEventStream.OpenAsync(host, query: $"?last_event_id={Id(6)}");
        Assert.Equal([7, 8, 9], await byAddress.SequencesAsync(3));
        // A browser's own reconnection keeps the address and adds the header, which is the newer place.
        using var byBoth = await TestEventStream.OpenAsync(host, Id(8), $"?last_event_id={Id(6)}");
        Assert.Equal(9, await byBoth.NextSequenceAsync());
    }

    [Theory]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 21, "ahead_of_log")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 9, "gap_too_large")]
    [InlineData("7c9e6679-7425-40de-944b-e07fc1f90ae7", 20, "epoch_changed")]
    public async Task A_place_that_cannot_be_resumed_is_a_resync_with_the_latest_and_live_goes_on(string epoch, long since, string reason)
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.ReplayLimit = 10);
        host.Feed.Publish(count: 20);
        using var stream = await TestEventStream.OpenAsync(host, $"{epoch}:{since}", "?delivery=all");
        Assert.Equal("retry: 2000", await stream.NextAsync());
        Assert.Equal(Resync(reason, Samples.Epoch, 20), await stream.NextAsync());
        Assert.Equal(20, await stream.NextSequenceAsync());
        host.Feed.Publish();
        Assert.Equal(21, await stream.NextSequenceAsync());
    }

    [Fact]
    public async Task A_gap_as_large_as_the_limit_is_replayed()
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.ReplayLimit = 10);
        host.Feed.Publish(count: 20);
        using var stream = await TestEventStream.OpenAsync(host, Id(10));
        Assert.Equal(Range(11, 20), await stream.SequencesAsync(10));
    }

    [Fact]
    public async Task With_delivery_all_a_lost_live_notice_is_read_from_the_log()
    {
        await using var host = await GatewayHost.StartAsync();
        using var stream = await TestEventStream.OpenAsync(host, query: "?delivery=all");
        await stream.NextAsync();
        host.Feed.Publish(count: 2);
        host.Feed.Publish(count: 600, announce: false);
        host.Feed.Publish(count: 3);
        Assert.Equal(Range(1, 605), await stream.SequencesAsync(605));
    }

    [Fact]
    public async Task A_log_that_starts_over_is_told_to_those_who_listen()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 7);
        using var stream = await TestEventStream.OpenAsync(host);
        await stream.NextSequenceAsync();
        host.Feed.StartOver("m", Other);
        host.Feed.Publish();
        Assert.Equal(Resync("epoch_changed", Other, 1), await stream.NextAsync());
        Assert.Equal(1, await stream.NextSequenceAsync());
        host.Feed.Publish();
        Assert.Equal(2, await stream.NextSequenceAsync());
    }

    [Fact]
    public async Task A_log_that_is_away_for_a_moment_costs_its_client_nothing()
    {
        var time = new FakeTimeProvider(Samples.Start);
        await using var host = await GatewayHost.StartAsync(time: time);
        using var stream = await TestEventStream.OpenAsync(host, query: "?delivery=all");
        await stream.NextAsync();
        host.Feed.Failure = new TrmException("storage_unavailable", "the database restarts");
        host.Feed.Publish(count: 3, announce: false);
        host.Feed.Publish();
        await GatewayHost.UntilAsync(() => Advance(time, host.Feed.FailedReads >= 2));
        host.Feed.Failure = null;
        var sequences = stream.SequencesAsync(4);
        await GatewayHost.UntilAsync(() => Advance(time, sequences.IsCompleted));
        Assert.Equal(Range(1, 4), await sequences);
    }

    [Fact]
    public async Task With_delivery_latest_a_slow_reader_gets_newer_ones_in_place_of_those_that_waited()
    {
        await using var host = await GatewayHost.StartAsync(time: new FakeTimeProvider());
        using var slow = await TestEventStream.OpenAsync(host);
        await slow.NextAsync();
        await using var other = await host.ConnectAsync();
        host.Feed.Publish(count: 400, change: Large);
        while (await other.NextSequenceAsync() < 400) { }
        var sequences = await slow.SequencesUntilAsync(400);
        Assert.True(sequences.Count < 400);
        Assert.Equal(sequences.Distinct().Order(), sequences);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("all")]
    public async Task A_stream_that_takes_nothing_is_cut_and_others_do_not_notice(string delivery)
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time);
        using var stalled = await TestEventStream.OpenAsync(host, query: $"?delivery={delivery}");
        await stalled.NextAsync();
        using var healthy = await TestEventStream.OpenAsync(host, query: "?delivery=all");
        await healthy.NextAsync();
        // Until the stalled one's way is full: with delivery latest only what is sent fills it.
        for (var sequence = 1; host.Connections.Count > 1; sequence++)
        {
            Assert.True(sequence < 1_000);
            host.Feed.Publish(change: Large);
            Assert.Equal(sequence, await healthy.NextSequenceAsync());
            time.Advance(TimeSpan.FromMilliseconds(250));
        }
        host.Feed.Publish(change: p => p with { ModelVersion = "last" });
        Assert.Contains("\"last\"", await healthy.NextAsync("trm_prediction"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_overflows_its_queue_is_cut()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, options: o =>
        {
            o.QueueLimit = 10;
            o.SendTimeout = TimeSpan.FromHours(1);
        });
        using var stream = await TestEventStream.OpenAsync(host, query: "?delivery=all");
        await stream.NextAsync();
        host.Feed.Publish(count: 400, change: Large);
        await GatewayHost.UntilAsync(() => Advance(time, host.Connections.Count == 0));
    }

    [Fact]
    public async Task A_drain_says_so_and_the_stream_goes_on_at_the_next_server()
    {
        var feed = new FakeFeed("m");
        feed.Publish(count: 5);
        var first = await GatewayHost.StartAsync(feed);
        using var stream = await TestEventStream.OpenAsync(first, Id(3), "?delivery=all");
        Assert.Equal([4, 5], await stream.SequencesAsync(2));
        var stopping = first.StopAsync();
        Assert.StartsWith("event: server_shutdown|", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Null(await stream.NextAsync());
        await stopping;
        await first.DisposeAsync();

        feed.Publish(count: 2);
        await using var second = await GatewayHost.StartAsync(feed);
        using var again = await TestEventStream.OpenAsync(second, Id(5), "?delivery=all");
        feed.Publish();
        Assert.Equal([6, 7, 8], await again.SequencesAsync(3));
    }

    private static bool Advance(FakeTimeProvider time, bool isDone)
    {
        if (!isDone) time.Advance(TimeSpan.FromMilliseconds(500));
        return isDone;
    }

    private static Prediction Large(Prediction prediction) => prediction with { ModelVersion = new string('x', 65_536) };

    private static string Id(long sequence) => $"{Samples.Epoch}:{sequence}";

    private static string Resync(string reason, Guid epoch, long sequence) =>
        $$"""event: resync|data: {"type":"resync","market":"m","reason":"{{reason}}","epoch":"{{epoch}}","sequence":{{sequence}}}""";
}
