using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 6455, sections 5.5.1 and 7.</summary>
public sealed class CloseTests
{
    [Fact]
    public async Task A_close_is_answered_with_its_code_and_the_connection_ends()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var code in new[] { 1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999 })
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(RawFrame.Close(code, new string('r', 123)));
            Assert.Equal(code, (await socket.EndAsync()).CloseCode);
        }
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    [Fact]
    public async Task A_close_without_a_code_is_answered()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Close, ""));
        Assert.Contains((await socket.EndAsync()).CloseCode, (int?[])[null, 1000]);
    }

    [Fact]
    public async Task A_code_that_may_not_be_sent_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var code in new[] { 0, 999, 1004, 1005, 1006, 1015, 1100, 2999, 5000, 65_535 })
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(RawFrame.Close(code));
            Assert.Equal((code, 1002), (code, (await socket.EndAsync()).CloseCode));
        }
    }

    [Fact]
    public async Task Half_a_code_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Close, [3]));
        Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
    }

    [Fact]
    public async Task A_reason_that_is_no_text_is_an_error()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Close, [3, 0xe8, 0xff]));
        Assert.Contains((await socket.EndAsync()).CloseCode, (int?[])[1002, 1007]);
    }

    [Fact]
    public async Task What_follows_a_close_is_not_heard()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(RawFrame.Close(1000), new RawFrame(Opcode.Text, "ping"), new RawFrame(Opcode.Ping, "p"));
        await socket.NextAsync(Opcode.Close);
        await socket.AssertOverAsync();
    }

    [Fact]
    public async Task A_close_in_the_middle_of_a_message_ends_it_all()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, "{", isFinal: false), RawFrame.Close(1001));
        await socket.NextAsync(Opcode.Close);
        await socket.AssertOverAsync();
    }

    [Fact]
    public async Task The_servers_close_waits_for_the_clients_and_then_the_server_hangs_up()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, new byte[4_097]));
        Assert.Contains("too_large", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
        var close = await socket.NextAsync(Opcode.Close);
        Assert.Equal(1009, close.CloseCode);
        Assert.NotEmpty(close.Payload[2..]);
        await socket.SendAsync(RawFrame.Close(1009));
        await socket.AssertOverAsync();
    }
}
