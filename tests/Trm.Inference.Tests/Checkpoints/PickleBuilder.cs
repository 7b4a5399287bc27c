using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Trm.Inference.Tests.Checkpoints;

/// <summary>Writes pickles an instruction at a time, kind ones and hostile ones, and the zip of torch.save around them.</summary>
internal sealed class PickleBuilder
{
    private readonly MemoryStream bytes = new();

    public PickleBuilder(byte protocol = 2) => Op(0x80, protocol);

    public byte[] Stop() => Op('.').bytes.ToArray();

    public PickleBuilder Op(params byte[] code)
    {
        bytes.Write(code);
        return this;
    }

    public PickleBuilder Op(char code) => Op((byte)code);

    public PickleBuilder Global(string module, string name) => Op('c').Op(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Op(UInt32((uint)utf8.Length)).Op(utf8);
    }

    public PickleBuilder Int(int value) => Op('J').Op(UInt32((uint)value));

    public PickleBuilder Long(long value)
    {
        var code = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(code, value);
        return Op(0x8a, 8).Op(code);
    }

    public PickleBuilder Tuple(params long[] values)
    {
        Op('(');
        foreach (var value in values) Long(value);
        return Op('t');
    }

    public PickleBuilder Storage(string key, long count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Long(count).Op('t').Op('Q');

    public PickleBuilder Tensor(string key, long count, long[] shape, long[]? strides = null, long offset = 0, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count, type).Long(offset).Tuple(shape)
            .Tuple(strides ?? RowMajor(shape)).Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    public PickleBuilder StateDict(IEnumerable<(string Name, int[] Shape, float[] Data)> tensors, string prefix = "")
    {
        Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        foreach (var (tensor, key) in tensors.Select((t, i) => (t, i)))
        {
            Text(prefix + tensor.Name).Tensor($"{key}", tensor.Data.Length, [.. tensor.Shape.Select(axis => (long)axis)]);
        }
        return Op('u');
    }

    public static byte[] Zip(byte[] pickle, IEnumerable<(string Name, int[] Shape, float[] Data)>? tensors = null)
    {
        var storages = (tensors ?? []).Select((t, i) => ($"data/{i}", t.Data.SelectMany(BitConverter.GetBytes).ToArray()));
        return Zip([("data.pkl", pickle), .. storages]);
    }

    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry("archive/" + name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    private static long[] RowMajor(long[] shape) => [.. shape.Select((_, axis) => shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b))];

    private static byte[] UInt32(uint value)
    {
        var code = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(code, value);
        return code;
    }
}
