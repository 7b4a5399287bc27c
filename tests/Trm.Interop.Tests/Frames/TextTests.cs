using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 6455, sections 5.6 and 8.1: text is UTF-8.</summary>
public sealed class TextTests
{
    private static readonly string[] Wrong =
    [
        "ff", // never in UTF-8
        "c0af", // too long an encoding of /
        "e0809f",
        "eda080", // half of a surrogate pair
        "f4908080", // beyond U+10FFFF
        "cebae1bdb9cf83cebcceb5eda080656469746564",
        "ce", // ends in the middle of a character
    ];

    [Fact]
    public async Task Text_that_is_not_UTF_8_closes_with_1007()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var hex in Wrong)
        {
            using var socket = await RawSocket.ConnectAsync(host.Address);
            await socket.SendAsync(new RawFrame(Opcode.Text, Convert.FromHexString(hex)));
            Assert.Equal((hex, 1007), (hex, (await socket.EndAsync()).CloseCode));
        }
    }

    [Fact]
    public async Task A_character_may_be_cut_by_frames_but_not_left_half()
    {
        await using var host = await GatewayHost.StartAsync();
        var text = """{"type":"ping","id":"🚀é"}"""u8.ToArray();
        for (var cut = 20; cut < text.Length - 2; cut++)
        {
            using var whole = await RawSocket.ConnectAsync(host.Address);
            await whole.SendAsync(new RawFrame(Opcode.Text, text[..cut], IsFinal: false), new RawFrame(Opcode.Continuation, text[cut..]));
            Assert.EndsWith("""
                "id":"🚀é"}
                """, (await whole.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
        }
        using var broken = await RawSocket.ConnectAsync(host.Address);
        await broken.SendAsync(new RawFrame(Opcode.Text, text[..22], IsFinal: false), new RawFrame(Opcode.Continuation, "\"}"));
        Assert.Equal(1007, (await broken.EndAsync()).CloseCode);
    }

    [Fact]
    public async Task Bytes_of_a_binary_message_may_be_any()
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.SendAsync(new RawFrame(Opcode.Binary, [0xff, 0xfe, 0]), new RawFrame(Opcode.Text, "ping"));
        Assert.Contains("bad_json", (await socket.NextAsync(Opcode.Text)).Text, StringComparison.Ordinal);
        Assert.Equal("pong", (await socket.NextAsync(Opcode.Text)).Text);
    }
}
