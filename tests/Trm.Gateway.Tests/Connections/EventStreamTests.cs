using System.Text;
using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class EventStreamTests
{
    [Fact]
    public async Task An_event_is_the_messages_text_with_an_id_to_resume_from()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 2);
        using var stream = await TestEventStream.OpenAsync(host);
        Assert.Equal("retry: 2000", await stream.NextAsync());
        Assert.Equal(Event(2), await stream.NextAsync());
        host.Feed.Publish();
        Assert.Equal(Event(3), await stream.NextAsync());
    }

    [Fact]
    public async Task A_stream_resumes_from_the_log_and_goes_on_live()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 600);
        using var stream = await TestEventStream.OpenAsync(host, $"{Samples.Epoch}:3", "?delivery=all");
        await stream.NextAsync();
        host.Feed.Publish(count: 20);
        for (var sequence = 4; sequence <= 620; sequence++) Assert.Equal(Event(sequence), await stream.NextAsync());
    }

    [Fact]
    public async Task A_log_that_started_over_is_a_resync_event()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 6);
        using var stream = await TestEventStream.OpenAsync(host, "7c9e6679-7425-40de-944b-e07fc1f90ae7:3");
        await stream.NextAsync();
        Assert.StartsWith("""event: resync|data: {"type":"resync","market":"m","reason":"epoch_changed",""", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(Event(6), await stream.NextAsync());
    }

    [Fact]
    public async Task A_stream_opened_while_the_server_goes_away_ends_well_so_that_a_browser_comes_back()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Connections.Drain(TimeSpan.Zero);
        using var stream = await TestEventStream.OpenAsync(host);
        Assert.Equal("retry: 2000", await stream.NextAsync());
        Assert.StartsWith("event: server_shutdown|", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Only_the_streams_market_is_sent()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("m", "other"));
        using var stream = await TestEventStream.OpenAsync(host);
        await stream.NextAsync();
        host.Feed.Publish("other");
        host.Feed.Fail("other", "missing_data", "not for this stream");
        host.Feed.Publish();
        Assert.Equal(Event(1), await stream.NextAsync());
    }

    [Fact]
    public async Task Heartbeats_are_comments_and_a_shutdown_ends_the_stream()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time);
        using var stream = await TestEventStream.OpenAsync(host);
        await stream.NextAsync();
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(": heartbeat", await stream.NextAsync());
        var stopping = host.StopAsync();
        Assert.StartsWith("event: server_shutdown", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Null(await stream.NextAsync());
        await stopping;
    }

    [Fact]
    public async Task A_stalled_stream_is_cut()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time);
        using var stream = await TestEventStream.OpenAsync(host, query: "?delivery=all");
        await stream.NextAsync();
        host.Feed.Publish(count: 500, change: p => p with { ModelVersion = new string('x', 65_536) });
        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return host.Connections.Count == 0; });
    }

    [Fact]
    public async Task A_client_that_leaves_is_forgotten()
    {
        await using var host = await GatewayHost.StartAsync();
        var stream = await TestEventStream.OpenAsync(host);
        await stream.NextAsync();
        Assert.Equal(1, host.Connections.CountOf("sse"));
        stream.Dispose();
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    private static string Event(long sequence) =>
        $"id: {Samples.Epoch}:{sequence}|event: trm_prediction|data: {Encoding.UTF8.GetString(PredictionJson.Message(Samples.Prediction("m", sequence)))}";
}
