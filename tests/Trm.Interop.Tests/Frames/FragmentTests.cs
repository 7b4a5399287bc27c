using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 6455, section 5.4.</summary>
public sealed class FragmentTests
{
    private const string Ping = """{"type":"ping","id":1}""";

    [Fact]
    public async Task A_message_may_come_in_frames_of_a_byte_with_pings_between_them()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        for (var i = 0; i < Ping.Length; i++)
        {
            await socket.SendAsync(new RawFrame(i == 0 ? Opcode.Text : Opcode.Continuation, Ping[i..(i + 1)], i == Ping.Length - 1), new RawFrame(Opcode.Ping, $"{i}"));
        }
        // The answer to the message may come before or after that to the last ping.
        var answers = new List<string>();
        while (answers.Count < Ping.Length + 1) answers.Add((await socket.NextAsync()).Text);
        Assert.Equal(Enumerable.Range(0, Ping.Length).Select(i => $"{i}"), answers.Where(a => a[0] != '{'));
        Assert.Contains("pong", Assert.Single(answers, a => a[0] == '{'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        foreach (var bit in new RawFrame(Opcode.Text, Ping).Encode().Concat(new RawFrame(Opcode.Ping, "p").Encode())) await socket.SendAsync([bit]);
        var answers = new[] { (await socket.NextAsync()).Opcode, (await socket.NextAsync()).Opcode };
        Assert.Equal([Opcode.Text, Opcode.Pong], answers.Order());
    }

    [Fact]
    public async Task Many_frames_may_come_in_one_piece()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync([.. Enumerable.Range(0, 50).Select(i => new RawFrame(Opcode.Text, $$"""{"type":"ping","id":{{i}}}"""))]);
        for (var i = 0; i < 50; i++) Assert.EndsWith($"\"id\":{i}}}", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_fragments_are_part_of_a_message_like_others()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new(Opcode.Text, "", false), new(Opcode.Continuation, "", false), new(Opcode.Continuation, Ping, false), new(Opcode.Continuation, ""));
        Assert.Contains("pong", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fragments_that_never_end_close_with_1009()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, "", false));
        for (var i = 0; i < 5; i++) await socket.SendAsync(new RawFrame(Opcode.Continuation, new byte[1_000], false));
        Assert.Contains("too_large", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
        Assert.Equal(1009, (await socket.NextAsync(Opcode.Close)).CloseCode);
    }

    [Fact]
    public async Task A_continuation_of_nothing_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Continuation, Ping));
        Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
    }

    [Fact]
    public async Task A_new_message_within_another_closes_with_1002()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Text, "{", false), new RawFrame(Opcode.Text, Ping));
        Assert.Equal(1002, (await socket.EndAsync()).CloseCode);
    }
}
