using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Tests.WebSockets;

public sealed class FrameHeaderTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(898, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    [InlineData(FrameHeader.MaxLength, 10)]
    public void A_frame_is_whole_with_its_last_byte_and_not_before(int length, int start)
    {
        var bytes = ServerFrame(0x81, length);

        Assert.Equal(FrameState.Whole, FrameHeader.TryRead(bytes, out var frame));
        Assert.Equal(new FrameHeader(Opcode.Text, IsFinal: true, start, length), frame);
        Assert.Equal(bytes.Length, frame.Size);
        for (var cut = 0; cut < Math.Min(bytes.Length, 12); cut++) Assert.Equal(FrameState.Partial, FrameHeader.TryRead(bytes.AsSpan(0, cut), out _));
        Assert.Equal(FrameState.Partial, FrameHeader.TryRead(bytes.AsSpan(0, bytes.Length - 1), out _));
    }

    [Theory]
    [InlineData(0x01, Opcode.Text, false)]
    [InlineData(0x00, Opcode.Continuation, false)]
    [InlineData(0x80, Opcode.Continuation, true)]
    [InlineData(0x82, Opcode.Binary, true)]
    [InlineData(0x88, Opcode.Close, true)]
    [InlineData(0x89, Opcode.Ping, true)]
    [InlineData(0x8A, Opcode.Pong, true)]
    public void The_first_byte_says_what_it_is_and_whether_more_comes(int first, object opcode, bool isFinal)
    {
        Assert.Equal(FrameState.Whole, FrameHeader.TryRead(ServerFrame((byte)first, 5), out var frame));
        Assert.Equal(((Opcode)opcode, isFinal), (frame.Opcode, frame.IsFinal));
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x81, 0, 0, 0, 0, 1 })] // masked
    [InlineData(new byte[] { 0xC1, 0x00 })] // compressed, which nobody asked for
    [InlineData(new byte[] { 0x83, 0x00 })] // no such opcode
    [InlineData(new byte[] { 0x8B, 0x00 })]
    [InlineData(new byte[] { 0x09, 0x00 })] // a ping in parts
    [InlineData(new byte[] { 0x88, 126, 0, 126 })] // a close that is too long
    [InlineData(new byte[] { 0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0 })] // 4 GB
    [InlineData(new byte[] { 0x81, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void What_no_server_may_send_is_invalid(byte[] bytes) =>
        Assert.Equal(FrameState.Invalid, FrameHeader.TryRead(bytes, out _));

    [Fact]
    public void Frames_that_lie_behind_each_other_are_read_one_by_one()
    {
        byte[] bytes = [.. ServerFrame(0x81, 898), .. ServerFrame(0x89, 3), .. ServerFrame(0x81, 10).AsSpan(0, 6)];

        var sizes = new List<int>();
        var used = 0;
        while (FrameHeader.TryRead(bytes.AsSpan(used), out var frame) == FrameState.Whole) sizes.Add(used += frame.Size);
        Assert.Equal([902, 907], sizes);
    }

    private static byte[] ServerFrame(byte first, int length) => length switch
    {
        < 126 => [first, (byte)length, .. new byte[length]],
        <= ushort.MaxValue => [first, 126, (byte)(length >> 8), (byte)length, .. new byte[length]],
        _ => [first, 127, 0, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. new byte[length]],
    };
}
