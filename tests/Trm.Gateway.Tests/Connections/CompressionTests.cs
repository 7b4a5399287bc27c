using System.IO.Compression;
using System.Net.WebSockets;
using System.Text;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class CompressionTests
{
    [Fact]
    public async Task A_client_that_offers_it_gets_the_same_messages_compressed()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 3);
        await using var plain = await host.ConnectAsync();
        await using var compressed = await ConnectAsync(host, new WebSocketDeflateOptions());
        await using var small = await ConnectAsync(host, new WebSocketDeflateOptions { ServerMaxWindowBits = 9, ServerContextTakeover = false });
        for (var i = 0; i < 5; i++)
        {
            var text = await plain.TextAsync();
            Assert.Equal(text, await compressed.TextAsync());
            Assert.Equal(text, await small.TextAsync());
            foreach (var client in new[] { plain, compressed, small }) await client.SendAsync("ping");
            foreach (var client in new[] { plain, compressed, small }) Assert.Equal("pong", await client.TextAsync());
            host.Feed.Publish();
        }
        Assert.Contains("permessage-deflate", compressed.Socket.HttpResponseHeaders!["Sec-WebSocket-Extensions"].Single(), StringComparison.Ordinal);
        Assert.Contains("server_no_context_takeover", compressed.Socket.HttpResponseHeaders["Sec-WebSocket-Extensions"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await using var host = await GatewayHost.StartAsync(options: o => o.Compression = false);
        host.Feed.Publish();
        await using var client = await ConnectAsync(host, new WebSocketDeflateOptions());
        Assert.Equal(1, await client.NextSequenceAsync());
        Assert.False(client.Socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions"));
    }

    [Fact]
    public void A_prediction_is_compressed_once_for_all_and_becomes_much_smaller()
    {
        var frame = PredictionFrame.Of(Samples.Prediction("m", 1), Samples.Start);
        var deflated = frame.Bytes(FrameFormat.DeflatedWebSocket);
        Assert.True(deflated.Length < frame.Text.Length * 0.75, $"{deflated.Length} of {frame.Text.Length} bytes");
        Assert.True(deflated.Equals(frame.Bytes(FrameFormat.DeflatedWebSocket)));

        Assert.Equal(0xC1, deflated.Span[0]);
        using var inflated = new DeflateStream(new MemoryStream([.. deflated.Span[4..], 0, 0, 0xFF, 0xFF]), CompressionMode.Decompress);
        var text = new byte[frame.Text.Length];
        inflated.ReadExactly(text);
        Assert.Equal(Encoding.UTF8.GetString(frame.Text.Span), Encoding.UTF8.GetString(text));
    }

    [Fact]
    public void What_does_not_become_smaller_goes_as_it_is() =>
        Assert.Equal([0x81, 4, .. "pong"u8], ServerMessages.TextPong.Bytes(FrameFormat.DeflatedWebSocket).ToArray());

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void The_header_has_the_length_that_the_message_needs(int length, int header)
    {
        var frame = WebSocketFrames.Text(new byte[length]);
        Assert.Equal(header + length, frame.Length);
        Assert.Equal(header switch { 2 => length, 4 => 126, _ => 127 }, frame[1]);
    }

    private static async Task<TestSocket> ConnectAsync(GatewayHost host, WebSocketDeflateOptions deflate)
    {
        var socket = new ClientWebSocket();
        socket.Options.DangerousDeflateOptions = deflate;
        socket.Options.CollectHttpResponseDetails = true;
        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/ws/c"), CancellationToken.None);
        return new TestSocket(socket);
    }
}
