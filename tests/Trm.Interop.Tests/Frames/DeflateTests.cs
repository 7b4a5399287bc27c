using System.IO.Compression;
using System.Text;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 7692, permessage-deflate.</summary>
public sealed class DeflateTests
{
    private const string Offer = "Sec-WebSocket-Extensions: permessage-deflate";

    [Fact]
    public async Task Each_compressed_message_can_be_read_by_itself()
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, answer) = await RawSocket.OfferAsync(host.Address, $"{Offer}; client_max_window_bits");
        using var _ = socket;
        // Shared between clients, so no message may lean on one that another client did not get.
        Assert.Contains("server_no_context_takeover", answer, StringComparison.Ordinal);
        for (var sequence = 1; sequence <= 5; sequence++)
        {
            host.Feed.Publish();
            var frame = await socket.NextAsync(Opcode.Text);
            Assert.Equal(RawFrame.Deflated, frame.Reserved);
            var text = PredictionJson.Message(Samples.Prediction("m", sequence));
            Assert.True(frame.Payload.Length < text.Length);
            Assert.Equal(text, Inflate(frame.Payload));
        }
    }

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=7")]
    [InlineData("permessage-deflate; server_max_window_bits=16")]
    [InlineData("permessage-deflate; server_no_context_takeover; server_no_context_takeover")]
    public async Task An_offer_that_is_wrong_is_declined_and_the_connection_works(string offer)
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, answer) = await RawSocket.OfferAsync(host.Address, $"Sec-WebSocket-Extensions: {offer}");
        using var _ = socket;
        Assert.DoesNotContain("permessage-deflate", answer, StringComparison.Ordinal);
        await socket.SendAsync(new RawFrame(Opcode.Text, "ping"));
        Assert.Equal("pong", (await socket.NextAsync(Opcode.Text)).Text);
    }

    [Fact]
    public async Task The_first_offer_that_can_be_met_is_taken()
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, answer) = await RawSocket.OfferAsync(host.Address, $"{Offer}; server_max_window_bits=99, permessage-deflate");
        socket.Dispose();
        Assert.Contains("permessage-deflate", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("99", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_may_send_compressed_and_plain_messages_in_turn_and_in_fragments()
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, _) = await RawSocket.OfferAsync(host.Address, Offer);
        using var __ = socket;
        var ping = Deflate("""{"type":"ping"}"""u8);
        await socket.SendAsync(
            new RawFrame(Opcode.Text, ping, Reserved: RawFrame.Deflated),
            new RawFrame(Opcode.Text, """{"type":"ping"}"""),
            new RawFrame(Opcode.Text, ping[..4], IsFinal: false, Reserved: RawFrame.Deflated), new RawFrame(Opcode.Continuation, ping[4..]));
        for (var i = 0; i < 3; i++) Assert.Contains("pong", Text(await socket.NextAsync(Opcode.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_message_that_unpacks_to_a_large_one_closes_with_1009()
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, _) = await RawSocket.OfferAsync(host.Address, Offer);
        using var __ = socket;
        await socket.SendAsync(new RawFrame(Opcode.Text, Deflate(new byte[10_000_000]), Reserved: RawFrame.Deflated));
        Assert.Contains("too_large", Text(await socket.NextAsync(Opcode.Text)), StringComparison.Ordinal);
        Assert.Equal(1009, (await socket.NextAsync(Opcode.Close)).CloseCode);
    }

    [Fact]
    public async Task A_bit_that_compression_does_not_use_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, _) = await RawSocket.OfferAsync(host.Address, Offer);
        using var __ = socket;
        await socket.SendAsync(new RawFrame(Opcode.Text, "ping"u8.ToArray(), Reserved: 2));
        Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
    }

    private static string Text(RawFrame frame) => Encoding.UTF8.GetString(frame.Reserved == 0 ? frame.Payload : Inflate(frame.Payload));

    // A message ends without the four bytes that a flush of deflate ends with.
    private static byte[] Inflate(byte[] payload)
    {
        using var stream = new DeflateStream(new MemoryStream([.. payload, 0, 0, 0xff, 0xff]), CompressionMode.Decompress);
        using var text = new MemoryStream();
        stream.CopyTo(text);
        return text.ToArray();
    }

    private static byte[] Deflate(ReadOnlySpan<byte> text)
    {
        using var bytes = new MemoryStream();
        using var stream = new DeflateStream(bytes, CompressionLevel.Optimal, leaveOpen: true);
        stream.Write(text);
        stream.Flush();
        return bytes.ToArray()[..^4];
    }
}
