using System.Buffers.Binary;
using System.IO.Compression;

namespace Trm.Gateway.Protocol;

/// <summary>
/// WebSocket frames as a server sends them (RFC 6455, section 5.2): unmasked, so that one array serves every client.
/// </summary>
internal static class WebSocketFrames
{
    private const byte Final = 0x80;
    private const byte Compressed = 0x40;
    private const byte TextOpcode = 0x1;
    private const byte PingOpcode = 0x9;

    /// <summary>A ping without a payload.</summary>
    public static ReadOnlySpan<byte> Ping => [Final | PingOpcode, 0];

    /// <summary>A whole text message.</summary>
    public static byte[] Text(ReadOnlySpan<byte> text) => Build(Final | TextOpcode, text);

    /// <summary>
    /// A whole text message for clients that agreed to permessage-deflate. Each starts afresh (server_no_context_takeover),
    /// or it could not be shared.
    /// </summary>
    public static byte[] DeflatedText(ReadOnlySpan<byte> text)
    {
        using var compressed = new MemoryStream(text.Length);
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(text);
            deflate.Flush();
            // Flushed and not finished: it ends with the empty block 00 00 FF FF, which the receiver adds by itself.
            compressed.SetLength(compressed.Length - 4);
            return Build(Final | Compressed | TextOpcode, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        }
    }

    private static byte[] Build(byte first, ReadOnlySpan<byte> payload)
    {
        var header = payload.Length < 126 ? 2 : payload.Length <= ushort.MaxValue ? 4 : 10;
        var frame = new byte[header + payload.Length];
        frame[0] = first;
        if (header == 2)
        {
            frame[1] = (byte)payload.Length;
        }
        else if (header == 4)
        {
            frame[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        }
        else
        {
            frame[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
        }
        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }
}
