using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Trm.Inference.Checkpoints;
using Trm.Inference.Weights;

namespace Trm.Inference.Packages;

/// <summary>
/// The safetensors format: 8 bytes with the length of a JSON header, the header
/// (<c>{"name":{"dtype","shape","data_offsets"}}</c>), then the tensors back to back, little-endian.
/// </summary>
internal static class Safetensors
{
    private const int LengthBytes = sizeof(ulong);
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxAxes = 8;
    private const string Metadata = "__metadata__";

    /// <summary>Says what a file holds; each entry reads its own values, F32, F16 or BF16, as fp32.</summary>
    /// <exception cref="ModelFormatException">Not such a file, or it claims what it does not hold.</exception>
    public static IReadOnlyList<TensorEntry> Read(byte[] file) => Read(file, out _);

    /// <inheritdoc cref="Read(byte[])"/>
    /// <param name="file">The whole file.</param>
    /// <param name="metadata">The texts it carries by key, if any.</param>
    public static IReadOnlyList<TensorEntry> Read(byte[] file, out IReadOnlyDictionary<string, string> metadata)
    {
        if (file.Length < LengthBytes) throw Bad($"the file has {file.Length} bytes");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaxHeaderBytes || headerLength > (ulong)(file.Length - LengthBytes))
            throw Bad($"its header claims {headerLength} bytes of the file's {file.Length}; at most {MaxHeaderBytes} are read");
        var data = LengthBytes + (int)headerLength;

        try
        {
            using var header = JsonDocument.Parse(file.AsMemory(LengthBytes, (int)headerLength), new JsonDocumentOptions { MaxDepth = 4 });
            metadata = Texts(header.RootElement);
            var slots = header.RootElement.EnumerateObject().Where(p => p.Name != Metadata).Select(p => Slot.Parse(p.Name, p.Value)).ToList();
            CheckCover(slots, file.Length - data);
            return [.. slots.Select(slot => slot.Entry(file, data))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFormatException($"weights are no safetensors file: the header is not what it must be: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Writes weights as F32, in the order of <see cref="ModelWeights.Layout"/>.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="metadata">Texts to carry, by key; none when null.</param>
    public static byte[] Write(ModelWeights weights, IEnumerable<(string Key, string Value)>? metadata = null)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            var offset = 0L;
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(Metadata);
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            foreach (var (name, tensor) in weights.InOrder())
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", tensor.Shape.Select(axis => (long)axis));
                var end = offset + tensor.Data.Length * (long)sizeof(float);
                WriteNumbers(json, "data_offsets", [offset, end]);
                offset = end;
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces after the header put the tensors on an 8-byte boundary, as the format asks.
        while (header.Length % LengthBytes != 0) header.WriteByte((byte)' ');

        var file = new byte[LengthBytes + header.Length + weights.Parameters * sizeof(float)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.GetBuffer().AsSpan(0, (int)header.Length).CopyTo(file.AsSpan(LengthBytes));
        var at = LengthBytes + (int)header.Length;
        foreach (var (_, tensor) in weights.InOrder())
        {
            MemoryMarshal.AsBytes<float>(tensor.Data).CopyTo(file.AsSpan(at));
            at += tensor.Data.Length * sizeof(float);
        }
        return file;
    }

    private static Dictionary<string, string> Texts(JsonElement header)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!header.TryGetProperty(Metadata, out var metadata)) return texts;
        foreach (var text in metadata.EnumerateObject()) texts[text.Name] = text.Value.GetString() ?? "";
        return texts;
    }

    // Back to back from the first byte to the last: no byte is read twice or hides something.
    private static void CheckCover(List<Slot> slots, int length)
    {
        var expected = 0L;
        foreach (var slot in slots.OrderBy(s => s.Begin).ThenBy(s => s.End))
        {
            if (slot.Begin != expected) throw Bad($"tensor '{slot.PrintableName}' begins at {slot.Begin}; the one before ends at {expected}");
            expected = slot.End;
        }
        if (expected != length) throw Bad($"its tensors have {expected} bytes, the file {length} (cut short?)");
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static ModelFormatException Bad(string what) => new($"weights are no safetensors file: {what}");

    private sealed record Slot(string Name, string Type, long[] Shape, long Begin, long End)
    {
        public string PrintableName => ModelFormatException.Printable(Name);

        public static Slot Parse(string name, JsonElement value)
        {
            var type = value.GetProperty("dtype").GetString() ?? "";
            var shape = value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()).ToArray();
            var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
            if (offsets.Length != 2) throw Bad($"tensor '{ModelFormatException.Printable(name)}' has {offsets.Length} data_offsets; there must be 2");
            var slot = new Slot(name, type, shape, offsets[0], offsets[1]);
            slot.CheckSize();
            return slot;
        }

        public TensorEntry Entry(byte[] file, int data) =>
            new(Name, Shape, () => Widen(file.AsSpan((int)(data + Begin), (int)(End - Begin))));

        private int ItemSize => Type switch
        {
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw Bad($"tensor '{PrintableName}' has dtype {ModelFormatException.Printable(Type)}; it must be F32, F16 or BF16"),
        };

        private void CheckSize()
        {
            if (Shape.Length > MaxAxes || Shape.Any(axis => axis is < 0 or > int.MaxValue)) throw Bad($"tensor '{PrintableName}' has shape {TensorEntry.Text(Shape.Take(MaxAxes))}");
            Int128 bytes = ItemSize;
            foreach (var axis in Shape)
            {
                bytes *= axis;
                if (bytes > ModelFile.MaxBytes) throw Bad($"tensor '{PrintableName}' has shape {TensorEntry.Text(Shape)}, more than {ModelFile.MaxBytes} bytes");
            }
            if (Begin < 0 || End < Begin || End > ModelFile.MaxBytes || bytes != End - Begin)
                throw Bad($"tensor '{PrintableName}' of shape {TensorEntry.Text(Shape)} needs {bytes} bytes; its data_offsets are {Begin} to {End}");
        }

        private float[] Widen(ReadOnlySpan<byte> bytes)
        {
            var values = new float[bytes.Length / ItemSize];
            switch (Type)
            {
                case "F32":
                    MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                    break;
                case "F16":
                    for (var i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                    break;
                default:
                    for (var i = 0; i < values.Length; i++) values[i] = ElementType.BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]));
                    break;
            }
            return values;
        }
    }
}
