using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Telemetry;
using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class OutboxTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeFeed feed = new("a", "b");
    private readonly MarketHeads heads;

    public OutboxTests() => heads = new MarketHeads(feed, time);

    [Fact]
    public async Task Delivery_latest_keeps_the_newest_of_each_market_and_counts_the_rest()
    {
        var outbox = await SubscribedAsync(Delivery.Latest);
        var conflated = 0L;
        var thread = Environment.CurrentManagedThreadId;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread && tags[0] is { Value: "conflated" }) conflated += value;
        });
        listener.EnableMeasurementEvents(TrmTelemetry.Messages);

        for (var sequence = 1; sequence <= 5; sequence++) outbox.Offer([Frame("a", sequence)]);
        outbox.Offer([Frame("b", 1)]);
        Assert.Equal(["a:5", "b:1"], Drain(outbox));
        Assert.Equal(4, conflated);
    }

    [Fact]
    public async Task Delivery_all_keeps_each_and_takes_markets_in_turn()
    {
        var outbox = await SubscribedAsync(Delivery.All);
        foreach (var sequence in new[] { 1, 2, 3 }) outbox.Offer([Frame("a", sequence)]);
        outbox.Offer([Frame("b", 1)]);
        Assert.Equal(["a:1", "b:1", "a:2", "a:3"], Drain(outbox));
    }

    [Fact]
    public async Task Turning_from_latest_to_all_leaves_no_hole_after_subscribed()
    {
        feed.Publish("a", 25, announce: false);
        var outbox = await SubscribedAsync(Delivery.Latest);
        foreach (var sequence in new[] { 26, 27 }) Offer(sequence);

        outbox.Subscribe(new SubscribeRequest(["a"], new Dictionary<string, LogPlace>(), Delivery.All, Reply: true, Id: null));
        Offer(28);

        var taken = Drain(outbox);
        Assert.Contains("\"sequence\":27", taken[0]);
        Assert.Equal(["a:27", "a:28"], taken.Skip(1));

        // As the fan-out does: the head first, then the clients.
        void Offer(long sequence)
        {
            heads.Advance(Frame("a", sequence));
            outbox.Offer([Frame("a", sequence)]);
        }
    }

    [Fact]
    public async Task One_more_than_the_queue_holds_closes_with_4008()
    {
        var outbox = await SubscribedAsync(Delivery.All, new GatewayOptions { QueueLimit = 3 });
        outbox.Offer([Frame("a", 1)]);
        outbox.Offer([Frame("a", 2)]);
        outbox.Offer([Frame("b", 1)]);
        Assert.Null(outbox.ClosingFor);
        outbox.Offer([Frame("b", 2)]);
        Assert.True(outbox.TryTake(out var item));
        Assert.Equal(4008, item.Close?.Code);
    }

    [Fact]
    public async Task Sending_makes_room()
    {
        var outbox = await SubscribedAsync(Delivery.All, new GatewayOptions { QueueLimit = 3 });
        for (var sequence = 1; sequence <= 50; sequence++)
        {
            outbox.Offer([Frame("a", sequence)]);
            Assert.Equal([$"a:{sequence}"], Drain(outbox));
        }
        Assert.Null(outbox.ClosingFor);
    }

    [Fact]
    public async Task Unsubscribing_and_resuming_make_room()
    {
        var outbox = await SubscribedAsync(Delivery.All, new GatewayOptions { QueueLimit = 3 });
        for (var sequence = 1; sequence <= 3; sequence++) outbox.Offer([Frame("a", sequence)]);
        outbox.Unsubscribe(["a"], ServerMessages.TextPong);
        for (var sequence = 1; sequence <= 3; sequence++) outbox.Offer([Frame("b", sequence)]);
        outbox.Subscribe(new SubscribeRequest(["b"], new Dictionary<string, LogPlace> { ["b"] = new(Samples.Epoch, 0) }, Delivery.All, Reply: false, Id: null));
        for (var sequence = 4; sequence <= 6; sequence++) outbox.Offer([Frame("b", sequence)]);
        Assert.Null(outbox.ClosingFor);
    }

    [Fact]
    public async Task A_duplicate_or_an_older_one_is_not_sent()
    {
        var outbox = await SubscribedAsync(Delivery.All);
        outbox.Offer([Frame("a", 1)]);
        outbox.Offer([Frame("a", 1)]);
        outbox.Offer([Frame("a", 2)]);
        outbox.Offer([Frame("a", 1)]);
        Assert.Equal(["a:1", "a:2"], Drain(outbox));
    }

    [Fact]
    public async Task After_a_gap_the_log_is_read_and_nothing_piles_up_meanwhile()
    {
        var outbox = await SubscribedAsync(Delivery.All, new GatewayOptions { QueueLimit = 2 });
        outbox.Offer([Frame("a", 1)]);
        for (var sequence = 4; sequence <= 20; sequence++) outbox.Offer([Frame("a", sequence)]);
        Assert.True(outbox.TryTake(out var first));
        Assert.Equal("a:1", Name(first.Frame!));
        Assert.True(outbox.TryTake(out var item));
        Assert.Equal(1, item.Refill!.After);

        outbox.Refill(item.Refill, [.. Enumerable.Range(2, 19).Select(s => Frame("a", s))]);
        outbox.Offer([Frame("a", 21)]);
        Assert.Equal(Enumerable.Range(2, 20).Select(s => $"a:{s}"), Drain(outbox));
    }

    [Fact]
    public async Task A_page_read_for_an_old_place_is_thrown_away()
    {
        var outbox = await SubscribedAsync(Delivery.All);
        outbox.Offer([Frame("a", 3)]);
        Assert.True(outbox.TryTake(out var old));
        feed.Publish("a", 3);
        await heads.RefreshAsync("a", default);
        outbox.Subscribe(new SubscribeRequest(["a"], new Dictionary<string, LogPlace> { ["a"] = new(Samples.Epoch, 2) }, Delivery.All, Reply: false, Id: null));
        outbox.Refill(old.Refill!, [Frame("a", 1), Frame("a", 2), Frame("a", 3)]);
        Assert.True(outbox.TryTake(out var item));
        Assert.Equal(2, item.Refill!.After);
        outbox.Refill(item.Refill, [Frame("a", 3)]);
        Assert.Equal(["a:3"], Drain(outbox));
    }

    [Fact]
    public async Task A_page_that_brings_nothing_ends_the_replay_until_the_next_prediction()
    {
        var outbox = await SubscribedAsync(Delivery.All);
        outbox.Offer([Frame("a", 3)]);
        Assert.True(outbox.TryTake(out var item));
        outbox.Refill(item.Refill!, []);
        Assert.False(outbox.TryTake(out _));
        outbox.Offer([Frame("a", 4)]);
        Assert.True(outbox.TryTake(out item));
        Assert.Equal(0, item.Refill!.After);
    }

    [Fact]
    public async Task Replies_go_before_predictions_and_a_client_that_reads_none_is_closed()
    {
        var outbox = await SubscribedAsync(Delivery.Latest, new GatewayOptions { ReplyLimit = 8 });
        outbox.Offer([Frame("a", 1)]);
        outbox.Reply(ServerMessages.TextPong);
        Assert.True(outbox.TryTake(out var item));
        Assert.Same(ServerMessages.TextPong, item.Frame);
        for (var i = 0; i < 8; i++) outbox.Reply(ServerMessages.TextPong);
        outbox.Notify(ServerMessages.TextPong);
        Assert.Null(outbox.ClosingFor);
        outbox.Reply(ServerMessages.TextPong);
        Assert.NotNull(outbox.ClosingFor);
    }

    [Fact]
    public async Task The_last_word_is_sent_before_the_close_and_nothing_after()
    {
        var outbox = await SubscribedAsync(Delivery.Latest);
        outbox.Offer([Frame("a", 1)]);
        Assert.True(outbox.Close(CloseReason.Restart, ServerMessages.TextPong));
        Assert.False(outbox.Close(CloseReason.TooSlow));
        outbox.Offer([Frame("a", 2)]);
        outbox.Reply(ServerMessages.TextPong);
        Assert.True(outbox.TryTake(out var word));
        Assert.NotNull(word.Frame);
        Assert.True(outbox.TryTake(out var end));
        Assert.Equal(1012, end.Close?.Code);
    }

    [Fact]
    public async Task A_waiter_wakes_for_what_comes()
    {
        var outbox = await SubscribedAsync(Delivery.Latest);
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            var waiting = outbox.WaitAsync();
            Assert.False(waiting.IsCompleted);
            outbox.Offer([Frame("a", sequence)]);
            await waiting;
            Assert.Equal([$"a:{sequence}"], Drain(outbox));
        }
    }

    [Fact]
    public async Task A_log_ahead_of_the_live_stream_keeps_its_place()
    {
        feed.Publish("a", 7);
        await heads.RefreshAsync("a", default);
        heads.Advance(Frame("a", 5));
        Assert.Equal(7, heads.Of("a").Sequence);
        heads.Advance(Frame("a", 8));
        Assert.Equal(8, heads.Of("a").Sequence);
        await heads.RefreshAsync("a", default);
        Assert.Equal(8, heads.Of("a").Sequence);
    }

    private async Task<Outbox> SubscribedAsync(Delivery delivery, GatewayOptions? options = null)
    {
        foreach (var market in feed.Markets) await heads.RefreshAsync(market.Id, default);
        var outbox = new Outbox(options ?? new GatewayOptions(), heads, time);
        outbox.Subscribe(new SubscribeRequest(["a", "b"], ClientCommand.Nowhere, delivery, Reply: false, Id: null));
        return outbox;
    }

    private static PredictionFrame Frame(string market, long sequence) => PredictionFrame.Of(Samples.Prediction(market, sequence), Samples.Start);

    private static List<string> Drain(Outbox outbox)
    {
        var taken = new List<string>();
        while (outbox.TryTake(out var item)) taken.Add(Name(item.Frame!));
        return taken;
    }

    private static string Name(Frame frame) => frame is PredictionFrame p ? $"{p.Market}:{p.Sequence}" : Encoding.UTF8.GetString(frame.Text.Span);
}
