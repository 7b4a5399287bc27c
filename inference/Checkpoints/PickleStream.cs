using System.Buffers.Binary;
using System.Text;

namespace Trm.Inference.Checkpoints;

/// <summary>The bytes of a pickle; a read past the end is one clear error.</summary>
internal sealed class PickleStream(byte[] bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const int MaxName = 256;

    /// <summary>Where the next byte is.</summary>
    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > bytes.Length - Position)
            throw new ModelFormatException($"the pickle is cut short: {count} bytes wanted at byte {Position} of {bytes.Length}");
        var span = bytes.AsSpan(Position, (int)count);
        Position += (int)count;
        return span;
    }

    public string Text(long count)
    {
        var at = Position;
        try
        {
            return Utf8.GetString(Take(count));
        }
        catch (DecoderFallbackException)
        {
            throw new ModelFormatException($"the pickle's text at byte {at} is not UTF-8");
        }
    }

    /// <summary>Text up to a line feed: a module or a name.</summary>
    public string Line()
    {
        var length = bytes.AsSpan(Position).IndexOf((byte)'\n');
        if (length is < 0 or > MaxName) throw new ModelFormatException($"the pickle's name at byte {Position} does not end within {MaxName} bytes");
        var line = Text(length);
        Position++;
        return line;
    }
}
