using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class WebSocketTests
{
    [Fact]
    public async Task A_client_gets_the_latest_of_each_market_at_once_and_then_live_ones()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b", "empty"));
        host.Feed.Publish("a", 3);
        host.Feed.Publish("b", 2);

        await using var client = await host.ConnectAsync();
        var first = await client.NextAsync();
        var second = await client.NextAsync();
        Assert.Equal(["a:3", "b:2"], new[] { Place(first), Place(second) }.Order());

        host.Feed.Publish("empty");
        Assert.Equal("empty:1", Place(await client.NextAsync()));
    }

    [Fact]
    public async Task What_arrives_is_the_one_writers_text()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        host.Feed.Publish();
        Assert.Equal(Encoding.UTF8.GetString(PredictionJson.Message(Samples.Prediction("m", 1))), await client.TextAsync());
    }

    [Fact]
    public async Task Both_kinds_of_ping_are_answered()
    {
        var time = new FakeTimeProvider(Samples.Start.AddMilliseconds(250));
        await using var host = await GatewayHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
        await client.SendAsync("""{"type":"ping","id":"x"}""");
        Assert.Equal($$"""{"type":"pong","timestamp":{{Samples.Start.ToUnixTimeSeconds()}}.25,"id":"x"}""", await client.TextAsync());
    }

    [Fact]
    public async Task Errors_name_code_and_id_and_keep_the_connection()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        foreach (var (text, code) in new[]
        {
            ("nonsense", "bad_json"), ("""{"type":"dance","id":1}""", "unknown_type"),
            ("""{"type":"subscribe","markets":["m","nowhere"],"id":1}""", "unknown_market"),
            ("""{"type":"unsubscribe","markets":["nowhere"],"id":1}""", "unknown_market"),
            ("""{"type":"request_trm_prediction","market":"nowhere","id":1}""", "unknown_market"),
            ("""{"type":"subscribe","subscription":"risk_metrics","id":1}""", "unknown_subscription"),
        })
        {
            await client.SendAsync(text);
            var error = await client.NextAsync();
            Assert.Equal("error", error.GetProperty("type").GetString());
            Assert.Equal(code, error.GetProperty("code").GetString());
            if (code != "bad_json") Assert.Equal(1, error.GetProperty("id").GetInt32());
        }
        await client.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Equal("bad_json", (await client.NextAsync()).GetProperty("code").GetString());
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_message()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"""u8.ToArray(), WebSocketMessageType.Text, end: false);
        await client.SendAsync("\"ping\"}"u8.ToArray(), WebSocketMessageType.Text);
        Assert.Equal("pong", (await client.NextAsync()).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(4096, null)]
    [InlineData(4097, 1009)]
    [InlineData(100_000, 1009)]
    public async Task A_message_over_the_limit_is_refused_and_closes_with_1009(int size, int? close)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"ping"}""".PadRight(size));
        var answer = await client.NextAsync();
        if (close is null)
        {
            Assert.Equal("pong", answer.GetProperty("type").GetString());
            return;
        }
        Assert.Equal("too_large", answer.GetProperty("code").GetString());
        Assert.Equal(close, await client.CloseCodeAsync());
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    [Fact]
    public async Task More_messages_than_the_budget_are_told_and_the_connection_stays()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, options: o => { o.MessageBurst = 3; o.MessagesPerSecond = 1; });
        await using var client = await host.ConnectAsync();
        for (var i = 0; i < 4; i++) await client.SendAsync("ping");
        for (var i = 0; i < 3; i++) Assert.Equal("pong", await client.TextAsync());
        Assert.Equal("rate_limited", (await client.NextAsync()).GetProperty("code").GetString());
        time.Advance(TimeSpan.FromSeconds(1));
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
    }

    [Fact]
    public async Task Two_connections_may_have_one_id()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var first = await host.ConnectAsync("same");
        await using var second = await host.ConnectAsync("same");
        await GatewayHost.UntilAsync(() => host.Connections.Count == 2);
        host.Feed.Publish();
        Assert.Equal(1, await first.NextSequenceAsync());
        Assert.Equal(1, await second.NextSequenceAsync());
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("%3Cscript%3E")]
    [InlineData("ü")]
    public async Task An_odd_client_id_is_refused(string id)
    {
        await using var host = await GatewayHost.StartAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync(id));
        await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync(new string('a', 129)));
        await using var fits = await host.ConnectAsync(new string('a', 128));
    }

    [Fact]
    public async Task Heartbeats_come_every_30_seconds()
    {
        var time = new FakeTimeProvider(Samples.Start);
        await using var host = await GatewayHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"type":"heartbeat","timestamp":"2026-11-22T10:00:30.000000Z"}""", await client.TextAsync());
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("""{"type":"heartbeat","timestamp":"2026-11-22T10:01:00.000000Z"}""", await client.TextAsync());
    }

    [Fact]
    public async Task A_tick_without_a_prediction_is_told()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        host.Feed.Fail("m", "missing_data", "VIX has no bar");
        Assert.Equal(
            """{"type":"prediction_error","timestamp":"2026-11-22T10:00:00.000000Z","market":"m","code":"missing_data","message":"VIX has no bar"}""",
            await client.TextAsync());
    }

    [Fact]
    public async Task A_prediction_that_is_not_finite_is_an_error_and_the_next_one_arrives()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        host.Feed.Publish(change: p => p with { HaltProbability = float.NaN });
        Assert.Equal("not_finite", (await client.NextAsync("prediction_error")).GetProperty("code").GetString());
        host.Feed.Publish();
        Assert.Equal(2, await client.NextSequenceAsync());
    }

    [Fact]
    public async Task A_shutdown_is_announced_and_closes_with_1012()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        var stopping = host.StopAsync();
        Assert.Equal("server_shutdown", (await client.NextAsync()).GetProperty("type").GetString());
        Assert.Equal(1012, await client.CloseCodeAsync());
        await stopping;
        Assert.Equal(0, host.Connections.Count);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_is_cut()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync("x".PadRight(5000));
        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return host.Connections.Count == 0; });
    }

    [Fact]
    public async Task Closing_is_answered()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    [Fact]
    public async Task A_client_that_vanishes_is_forgotten()
    {
        await using var host = await GatewayHost.StartAsync();
        var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        client.Socket.Abort();
        await GatewayHost.UntilAsync(() => { host.Feed.Publish(); return host.Connections.Count == 0; });
    }

    [Fact]
    public async Task A_summary_covers_every_market_or_one()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("a", "b"));
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"request_trm_prediction"}""");
        Assert.Equal(JsonValueKind.Null, (await client.NextAsync("trm_summary")).GetProperty("data").GetProperty("last_prediction").ValueKind);

        host.Feed.Publish("a", 3, announce: false);
        host.Feed.Publish("b", 2, announce: false);
        await client.SendAsync("""{"type":"request_trm_prediction","id":9}""");
        var all = await client.NextAsync("trm_summary");
        Assert.Equal(9, all.GetProperty("id").GetInt32());
        var data = all.GetProperty("data");
        Assert.Equal(5, data.GetProperty("total_predictions").GetInt32());
        Assert.Equal(5, data.GetProperty("recent_count").GetInt32());
        Assert.Equal(5, data.GetProperty("strategy_distribution").GetProperty("ultra_defensive").GetInt32());
        Assert.Equal(8, data.GetProperty("strategy_distribution").EnumerateObject().Count());
        Assert.Equal(0.5432, data.GetProperty("average_confidence").GetDouble(), 6);
        Assert.Equal("a", data.GetProperty("last_prediction").GetProperty("market").GetString());

        await client.SendAsync("""{"type":"request_trm_prediction","market":"b"}""");
        Assert.Equal(2, (await client.NextAsync("trm_summary")).GetProperty("data").GetProperty("total_predictions").GetInt32());
    }

    [Fact]
    public async Task A_feed_that_fails_is_an_error_for_the_request_only()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("ping");
        await client.TextAsync();
        host.Feed.Failure = new TimeoutException("secret detail");
        await client.SendAsync("""{"type":"request_trm_prediction","id":3}""");
        var error = await client.NextAsync();
        Assert.Equal("internal_error", error.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", error.GetRawText(), StringComparison.Ordinal);
        host.Feed.Failure = null;
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
    }

    [Fact]
    public async Task A_stalled_client_is_closed_with_4008_and_others_do_not_notice()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, options: o => o.QueueLimit = 10_000);
        using var narrow = NarrowClient();
        await using var stalled = await host.ConnectAsync("stalled", narrow);
        await using var healthy = await host.ConnectAsync("healthy");
        foreach (var client in new[] { stalled, healthy })
        {
            await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
            await client.NextAsync("subscribed");
        }

        const int Count = 300;
        host.Feed.Publish(count: Count, change: p => p with { ModelVersion = new string('x', 65_536) });
        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), await healthy.SequencesAsync(Count));

        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return host.Connections.Open.Any(c => c.Id == "stalled" && c.Outbox.ClosingFor is not null); });
        Assert.Equal(4008, await stalled.CloseCodeAsync());
        await healthy.SendAsync("ping");
        Assert.Equal("pong", await healthy.TextAsync());
    }

    [Fact]
    public async Task A_stalled_client_that_stays_stalled_is_cut()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, options: o => o.QueueLimit = 10_000);
        using var narrow = NarrowClient();
        await using var stalled = await host.ConnectAsync("stalled", narrow);
        await stalled.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await stalled.NextAsync("subscribed");
        host.Feed.Publish(count: 300, change: p => p with { ModelVersion = new string('x', 65_536) });
        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return host.Connections.Count == 0; });
    }

    private static string Place(JsonElement message) =>
        $"{message.GetProperty("data").GetProperty("market").GetString()}:{message.GetProperty("data").GetProperty("sequence").GetInt64()}";

    // A small receive buffer, so that a few megabytes fill everything on the way.
    private static HttpMessageInvoker NarrowClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    });
}
