using System.Buffers.Binary;

namespace Trm.Inference.Checkpoints;

/// <summary>How a torch storage keeps its numbers.</summary>
/// <param name="Storage">Its class in Python.</param>
/// <param name="Size">Bytes of a number.</param>
/// <param name="Read">Reads one, little-endian, as fp32; null for integers, which are data of a wrapper and no weights.</param>
internal sealed record ElementType(string Storage, int Size, Func<byte[], int, float>? Read)
{
    public static readonly IReadOnlyList<ElementType> All =
    [
        new("torch.FloatStorage", 4, (bytes, at) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at))),
        new("torch.DoubleStorage", 8, (bytes, at) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at))),
        new("torch.HalfStorage", 2, (bytes, at) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(at))),
        new("torch.BFloat16Storage", 2, (bytes, at) => BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)))),
        new("torch.LongStorage", 8, null),
        new("torch.IntStorage", 4, null),
        new("torch.ShortStorage", 2, null),
        new("torch.CharStorage", 1, null),
        new("torch.ByteStorage", 1, null),
        new("torch.BoolStorage", 1, null),
    ];

    /// <summary>The element type of a storage class; null when the name is none.</summary>
    public static ElementType? Of(string storage) => All.FirstOrDefault(type => type.Storage == storage);

    /// <summary>Widens a bfloat16: the upper half of an fp32.</summary>
    public static float BFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
