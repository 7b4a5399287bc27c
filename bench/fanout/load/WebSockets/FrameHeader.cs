using System.Buffers.Binary;

namespace Trm.Bench.FanOut.WebSockets;

/// <summary>A server's frame: no mask, no extension (RFC 6455, 5.2).</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="IsFinal">The message ends with it.</param>
/// <param name="Start">Bytes before its payload.</param>
/// <param name="Length">Bytes of its payload.</param>
internal readonly record struct FrameHeader(Opcode Opcode, bool IsFinal, int Start, int Length)
{
    /// <summary>Larger than anything that is sent here.</summary>
    public const int MaxLength = 128 * 1024;

    /// <summary>Bytes of the whole frame.</summary>
    public int Size => Start + Length;

    public static FrameState TryRead(ReadOnlySpan<byte> data, out FrameHeader frame)
    {
        frame = default;
        if (data.Length < 2) return FrameState.Partial;
        var (first, second) = (data[0], data[1]);
        var opcode = (Opcode)(first & 0x0F);
        if ((first & 0x70) != 0 || (second & 0x80) != 0 || opcode is not (<= Opcode.Binary or (>= Opcode.Close and <= Opcode.Pong))) return FrameState.Invalid;

        var (start, length) = (2, (ulong)second);
        if (second == 126)
        {
            if (data.Length < 4) return FrameState.Partial;
            (start, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(data[2..]));
        }
        else if (second == 127)
        {
            if (data.Length < 10) return FrameState.Partial;
            (start, length) = (10, BinaryPrimitives.ReadUInt64BigEndian(data[2..]));
        }
        var isFinal = (first & 0x80) != 0;
        if (length > MaxLength || (opcode >= Opcode.Close && (!isFinal || length > 125))) return FrameState.Invalid;
        frame = new FrameHeader(opcode, isFinal, start, (int)length);
        return data.Length < frame.Size ? FrameState.Partial : FrameState.Whole;
    }
}
