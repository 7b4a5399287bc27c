using System.Buffers.Binary;
using System.Text;

namespace Trm.Bench.FanOut.WebSockets;

/// <summary>Frames as a client sends them: masked (RFC 6455, 5.3).</summary>
internal static class ClientFrames
{
    // Any mask will do where no proxy is to be kept from a mistake.
    private static ReadOnlySpan<byte> Mask => [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text) => Build(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code)
    {
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Build(Opcode.Close, payload);
    }

    public static byte[] Pong(ReadOnlySpan<byte> payload) => Build(Opcode.Pong, payload);

    public static byte[] Build(Opcode opcode, ReadOnlySpan<byte> payload, bool isFinal = true)
    {
        var start = payload.Length < 126 ? 2 : payload.Length <= ushort.MaxValue ? 4 : 10;
        var frame = new byte[start + 4 + payload.Length];
        frame[0] = (byte)((isFinal ? 0x80 : 0) | (byte)opcode);
        frame[1] = (byte)(0x80 | (start == 2 ? payload.Length : start == 4 ? 126 : 127));
        if (start == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        if (start == 10) BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
        Mask.CopyTo(frame.AsSpan(start));
        for (var i = 0; i < payload.Length; i++) frame[start + 4 + i] = (byte)(payload[i] ^ Mask[i % 4]);
        return frame;
    }
}
