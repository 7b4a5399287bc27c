using System.Buffers.Binary;
using System.Text;

namespace Trm.Inference.Tests.Export;

/// <summary>Reads a protobuf message back: its fields in order, each a number or a stretch of bytes.</summary>
internal sealed class ProtobufReader
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> fields = [];

    public ProtobufReader(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = Varint(ref message);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add((field, Varint(ref message), null));
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    fields.Add((field, 0, message[..length].ToArray()));
                    message = message[length..];
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message), null));
                    message = message[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    public IEnumerable<ProtobufReader> Messages(int field) => All(field).Select(f => new ProtobufReader(f.Bytes));

    public ProtobufReader Message(int field) => Messages(field).Single();

    public IEnumerable<string> Texts(int field) => All(field).Select(f => Encoding.UTF8.GetString(f.Bytes!));

    public string Text(int field) => Texts(field).Single();

    public byte[] Bytes(int field) => All(field).Single().Bytes!;

    public IEnumerable<long> Integers(int field) => All(field).Select(f => (long)f.Number);

    public long Integer(int field) => Integers(field).Single();

    public float Float(int field) => BitConverter.UInt32BitsToSingle((uint)All(field).Single().Number);

    public bool Has(int field) => All(field).Any();

    private IEnumerable<(int Field, ulong Number, byte[]? Bytes)> All(int field) => fields.Where(f => f.Field == field);

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
