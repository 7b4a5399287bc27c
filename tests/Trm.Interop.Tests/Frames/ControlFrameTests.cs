using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 6455, sections 5.1, 5.2 and 5.5.</summary>
public sealed class ControlFrameTests
{
    [Fact]
    public async Task A_ping_is_answered_with_its_own_bytes()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        foreach (var size in new[] { 0, 1, 125 })
        {
            byte[] payload = [.. Enumerable.Range(0, size).Select(i => (byte)(255 - i))];
            await socket.SendAsync(new RawFrame(Opcode.Ping, payload));
            Assert.Equal(payload, (await socket.NextAsync(Opcode.Pong)).Payload);
        }
    }

    [Fact]
    public async Task A_pong_that_nobody_asked_for_is_no_matter()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Pong, "unasked"), new RawFrame(Opcode.Text, "ping"));
        Assert.Equal("pong", (await socket.NextAsync(Opcode.Text)).Text);
    }

    [Fact]
    public async Task Pongs_come_between_whole_messages()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, """{"type":"subscribe","delivery":"all"}"""));
        Assert.Contains("subscribed", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            host.Feed.Publish(count: 2, change: p => p with { ModelVersion = new string('x', 10_000) });
            await socket.SendAsync(new RawFrame(Opcode.Ping, $"{i}"));
        }
        var (pongs, predictions) = (0, 0);
        while (pongs < 100 || predictions < 200)
        {
            var frame = await socket.NextAsync();
            if (frame.Opcode == Opcode.Pong) Assert.Equal($"{pongs++}", frame.Text);
            else Assert.Contains($"\"sequence\":{++predictions},", frame.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Opcode.Ping)]
    [InlineData(Opcode.Pong)]
    [InlineData(Opcode.Close)]
    public async Task A_control_frame_that_is_long_or_in_parts_closes_with_1002(int opcode)
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var wrong in new[] { new RawFrame(opcode, new byte[126]), new RawFrame(opcode, [3, 0xe8], IsFinal: false) })
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(wrong);
            Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
        }
    }

    [Fact]
    public async Task An_opcode_that_means_nothing_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(new RawFrame(opcode, "x"));
            Assert.Equal((opcode, 1002), (opcode, (await socket.EndAsync()).CloseCode));
        }
    }

    [Theory]
    [InlineData(Opcode.Text)]
    [InlineData(Opcode.Ping)]
    public async Task A_reserved_bit_that_no_extension_uses_closes_with_1002(int opcode)
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var reserved in new[] { 1, 2, 4, 7 })
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(new RawFrame(opcode, "ping"u8.ToArray(), Reserved: reserved));
            Assert.Equal((reserved, 1002), (reserved, (await socket.EndAsync()).CloseCode));
        }
    }

    // RFC 6455 wants such a connection closed; .NET's WebSocket reads the frame. Either leaves nobody in doubt.
    [Fact]
    public async Task A_frame_that_is_not_masked_is_read_right_or_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, "ping"u8.ToArray(), IsMasked: false), new RawFrame(Opcode.Ping, "p"));
        var first = await socket.NextAsync();
        if (first.Opcode == Opcode.Close) Assert.Equal(1002, first.CloseCode);
        else Assert.Equal(["p", "pong"], new[] { first.Text, (await socket.NextAsync()).Text }.Order());
    }

    [Fact]
    public async Task A_length_beyond_all_bounds_is_refused_without_waiting_for_it()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
        Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
    }
}
