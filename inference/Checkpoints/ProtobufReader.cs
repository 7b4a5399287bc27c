using System.Buffers.Binary;
using System.Text;

namespace Trm.Inference.Checkpoints;

/// <summary>One protobuf message: its fields in order, each a number or a stretch of bytes. Nothing is copied.</summary>
internal sealed class ProtobufReader
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;

    private readonly List<Entry> fields = [];

    /// <exception cref="ModelFormatException">The bytes are no message.</exception>
    public ProtobufReader(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            if (key >> 3 is 0 or > int.MaxValue) throw Bad($"a field is numbered {key >> 3}");
            var field = (int)(key >> 3);
            fields.Add((int)(key & 7) switch
            {
                VarintType => new(field, Varint(ref message), null),
                Fixed64Type => new(field, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span), null),
                LengthType => new(field, 0, Take(ref message, Varint(ref message))),
                Fixed32Type => new(field, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span), null),
                var other => throw Bad($"field {field} has wire type {other}"),
            });
        }
    }

    /// <summary>The messages of a field.</summary>
    public IEnumerable<ProtobufReader> Messages(int field) => AllBytes(field).Select(bytes => new ProtobufReader(bytes));

    /// <summary>The message of a field that is there once.</summary>
    public ProtobufReader Message(int field) => new(Bytes(field));

    /// <summary>The strings of a field.</summary>
    public IEnumerable<string> Texts(int field) => AllBytes(field).Select(bytes => Encoding.UTF8.GetString(bytes.Span));

    /// <summary>The string of a field that is there once.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    /// <summary>The bytes of a field that is there once.</summary>
    public ReadOnlyMemory<byte> Bytes(int field) => Only(field).Bytes ?? throw Bad($"field {field} is a number; it must be bytes");

    /// <summary>The numbers of a field that is repeated one by one.</summary>
    public IEnumerable<long> Integers(int field) => fields.Where(f => f.Field == field && f.Bytes is null).Select(f => (long)f.Number);

    /// <summary>The number of a field that is there once.</summary>
    public long Integer(int field) => (long)Only(field).Number;

    /// <summary>The number of a field that is there once, as fp32.</summary>
    public float Float(int field) => BitConverter.UInt32BitsToSingle((uint)Only(field).Number);

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => fields.Exists(f => f.Field == field);

    /// <summary>Numbers packed into one stretch of bytes.</summary>
    /// <exception cref="ModelFormatException">The last one is cut short.</exception>
    public static List<long> Varints(ReadOnlyMemory<byte> packed)
    {
        var numbers = new List<long>();
        while (!packed.IsEmpty) numbers.Add((long)Varint(ref packed));
        return numbers;
    }

    private IEnumerable<ReadOnlyMemory<byte>> AllBytes(int field) =>
        fields.Where(f => f.Field == field).Select(f => f.Bytes ?? throw Bad($"field {field} is a number; it must be bytes"));

    private Entry Only(int field)
    {
        var found = fields.FindAll(f => f.Field == field);
        return found.Count == 1 ? found[0] : throw Bad($"field {field} is there {found.Count} times; it must be there once");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, ulong count)
    {
        if (count > (ulong)message.Length) throw Bad($"it is cut short: {count} bytes wanted, {message.Length} left");
        var taken = message[..(int)count];
        message = message[(int)count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref message, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Bad("a number has more than 64 bits");
    }

    private static ModelFormatException Bad(string what) => new($"the file is no protobuf message as ONNX has it: {what}");

    private readonly record struct Entry(int Field, ulong Number, ReadOnlyMemory<byte>? Bytes);
}
