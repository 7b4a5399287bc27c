using System.Buffers.Binary;
using System.Text;

namespace Trm.Interop.Tests.Frames;

/// <summary>A frame as it is on the wire, right or wrong.</summary>
/// <param name="Opcode">0 to 15.</param>
/// <param name="Payload">Not masked.</param>
/// <param name="IsFinal">The bit FIN.</param>
/// <param name="Reserved">RSV1 is 4, RSV2 is 2, RSV3 is 1.</param>
/// <param name="IsMasked">As every frame of a client must be, and none of a server.</param>
internal sealed record RawFrame(int Opcode, byte[] Payload, bool IsFinal = true, int Reserved = 0, bool IsMasked = true)
{
    /// <summary>RSV1, which permessage-deflate sets on a message that is compressed.</summary>
    public const int Deflated = 4;

    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    public RawFrame(int opcode, string text, bool isFinal = true) : this(opcode, Encoding.UTF8.GetBytes(text), isFinal)
    {
    }

    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The code of a close frame; null when it names none.</summary>
    public int? CloseCode => Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : null;

    public static RawFrame Close(int code, string reason = "") =>
        new(Frames.Opcode.Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public byte[] Encode()
    {
        var head = (byte)((IsFinal ? 0x80 : 0) | (Reserved << 4) | Opcode);
        var mask = IsMasked ? 0x80 : 0;
        byte[] length = Payload.Length switch
        {
            <= 125 => [(byte)(mask | Payload.Length)],
            <= 65_535 => [(byte)(mask | 126), (byte)(Payload.Length >> 8), (byte)Payload.Length],
            _ => [(byte)(mask | 127), 0, 0, 0, 0, (byte)(Payload.Length >> 24), (byte)(Payload.Length >> 16), (byte)(Payload.Length >> 8), (byte)Payload.Length],
        };
        return IsMasked
            ? [head, .. length, .. Mask, .. Payload.Select((b, i) => (byte)(b ^ Mask[i % 4]))]
            : [head, .. length, .. Payload];
    }
}
