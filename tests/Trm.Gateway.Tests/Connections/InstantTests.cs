using System.Text;
using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

/// <summary>Predictions that go to the socket on the spot, and those that must not.</summary>
public sealed class InstantTests : IInstantWriter
{
    private readonly FakeFeed feed = new("a", "b");
    private readonly MarketHeads heads;
    private readonly Outbox outbox;
    private readonly List<byte> written = [];
    private int takes = int.MaxValue;

    public InstantTests()
    {
        var time = new FakeTimeProvider();
        heads = new MarketHeads(feed, time);
        outbox = new Outbox(new GatewayOptions(), heads, time);
    }

    FrameFormat IInstantWriter.Format => FrameFormat.WebSocket;

    int IInstantWriter.TryWrite(ReadOnlySpan<byte> message)
    {
        if (takes < 0) return takes;
        var part = message[..Math.Min(takes, message.Length)];
        written.AddRange(part);
        return part.Length;
    }

    [Fact]
    public async Task A_prediction_that_finds_nothing_in_its_way_goes_at_once()
    {
        var waiting = await SubscribedAsync(Delivery.All);
        Assert.True(Offer("a", 1));
        Assert.True(Offer("b", 1));
        Assert.True(Offer("a", 2));
        Assert.False(waiting.IsCompleted);
        Assert.Equal((byte[])[.. Bytes("a", 1), .. Bytes("b", 1), .. Bytes("a", 2)], written);
        Assert.False(outbox.TryTake(out _));
    }

    [Fact]
    public async Task One_that_was_sent_or_is_older_is_not_sent_again()
    {
        await SubscribedAsync(Delivery.Latest);
        Assert.True(Offer("a", 5));
        Assert.False(Offer("a", 5));
        Assert.False(Offer("a", 4));
        Assert.Equal(Bytes("a", 5), written);
        Assert.False(outbox.TryTake(out _));
    }

    [Fact]
    public async Task What_the_kernel_does_not_take_is_sent_before_anything_else()
    {
        var waiting = await SubscribedAsync(Delivery.All);
        takes = 100;
        Assert.True(Offer("a", 1));
        Assert.True(waiting.IsCompleted);
        takes = int.MaxValue;
        outbox.Reply(ServerMessages.TextPong);
        Assert.False(Offer("a", 2));
        outbox.Close(CloseReason.Restart);

        Assert.True(outbox.TryTake(out var rest));
        Assert.Equal(Bytes("a", 1), (byte[])[.. written, .. rest.Rest.Span]);
        Assert.True(outbox.TryTake(out var pong));
        Assert.Equal("pong", Encoding.UTF8.GetString(pong.Frame!.Text.Span));
        Assert.True(outbox.TryTake(out var end));
        Assert.Equal(1012, end.Close?.Code);
    }

    [Fact]
    public async Task One_after_a_gap_waits_for_what_is_missing()
    {
        await SubscribedAsync(Delivery.All);
        Assert.True(Offer("a", 1));
        Assert.False(Offer("a", 4));
        Assert.True(outbox.TryTake(out var item));
        Assert.Equal(1, item.Refill?.After);
    }

    [Fact]
    public async Task Nothing_overtakes_what_waits()
    {
        var waiting = await SubscribedAsync(Delivery.All);
        takes = -1;
        Assert.False(Offer("a", 1));
        Assert.True(waiting.IsCompleted);
        takes = int.MaxValue;
        Assert.False(Offer("a", 2));
        Assert.Empty(written);
        Assert.True(outbox.TryTake(out var first));
        Assert.True(outbox.TryTake(out var second));
        Assert.Equal([1, 2], new[] { first, second }.Select(item => ((PredictionFrame)item.Frame!).Sequence));
    }

    [Fact]
    public async Task While_the_send_loop_is_at_work_nothing_goes_past_it()
    {
        await SubscribedAsync(Delivery.All);
        outbox.Reply(ServerMessages.TextPong);
        Assert.True(outbox.TryTake(out _)); // and is writing it now
        Assert.False(Offer("a", 1));
        Assert.Empty(written);
    }

    private async Task<Task> SubscribedAsync(Delivery delivery)
    {
        foreach (var market in feed.Markets) await heads.RefreshAsync(market.Id, default);
        outbox.Subscribe(new SubscribeRequest(["a", "b"], ClientCommand.Nowhere, delivery, Reply: false, Id: null));
        return outbox.WaitAsync().AsTask();
    }

    private bool Offer(string market, long sequence) => outbox.Offer([Frame(market, sequence)], this);

    private static byte[] Bytes(string market, long sequence) => Frame(market, sequence).Bytes(FrameFormat.WebSocket).ToArray();

    private static PredictionFrame Frame(string market, long sequence) => PredictionFrame.Of(Samples.Prediction(market, sequence), Samples.Start);
}
