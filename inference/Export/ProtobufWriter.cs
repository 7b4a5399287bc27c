using System.Text;

namespace Trm.Inference.Export;

/// <summary>
/// Writes one protobuf message: the four field types that ONNX needs. Messages and tensors are strung together and not
/// copied, so that nesting a model's weights three deep costs nothing.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<ReadOnlyMemory<byte>> pieces = [];

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>An int32, int64 or enum. Zero is written too: ONNX's readers tell absent from zero in places.</summary>
    public ProtobufWriter Integer(int field, long value)
    {
        Varint(((ulong)field << 3) | VarintType);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A float.</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Varint(((ulong)field << 3) | Fixed32Type);
        var bytes = new byte[sizeof(float)];
        System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(bytes);
        return this;
    }

    /// <summary>A string, as UTF-8.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes; they are kept, not copied.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Header(field, value.Length);
        Append(value);
        return this;
    }

    /// <summary>A message inside this one; it is finished, and not to be written to again.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter message)
    {
        Header(field, message.Length);
        pieces.AddRange(message.pieces);
        Length += message.Length;
        return this;
    }

    /// <summary>The message's bytes.</summary>
    public byte[] ToArray()
    {
        var all = new byte[checked((int)Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(all.AsSpan(at));
            at += piece.Length;
        }
        return all;
    }

    private void Header(int field, long length)
    {
        Varint(((ulong)field << 3) | LengthType);
        Varint((ulong)length);
    }

    // Seven bits a byte, the lowest first; the top bit says that more follow.
    private void Varint(ulong value)
    {
        var bytes = new byte[10];
        var count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        Append(bytes.AsMemory(0, count));
    }

    private void Append(ReadOnlyMemory<byte> piece)
    {
        pieces.Add(piece);
        Length += piece.Length;
    }
}
