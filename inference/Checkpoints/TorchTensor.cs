namespace Trm.Inference.Checkpoints;

/// <summary>A storage that a pickle mentions: its bytes are in the archive's <c>data/KEY</c>.</summary>
internal sealed record TorchStorage(ElementType Type, string Key, long Count);

/// <summary>
/// A view of a storage. Its sizes and strides are checked against the storage when it is made, so that reading it can
/// neither leave the storage nor make more numbers than the file holds.
/// </summary>
internal sealed class TorchTensor
{
    private const int MaxAxes = 8;

    private readonly TorchStorage storage;
    private readonly long offset;
    private readonly long[] strides;

    /// <exception cref="ModelFormatException">The view is not inside its storage.</exception>
    public TorchTensor(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        this.storage = storage;
        this.offset = offset;
        this.strides = strides;
        Shape = shape;
        Count = CheckedCount();
    }

    public long[] Shape { get; }

    /// <summary>Numbers in all.</summary>
    public long Count { get; }

    /// <summary>Reads the view row-major from its storage's bytes.</summary>
    /// <exception cref="ModelFormatException">It holds integers.</exception>
    public float[] Read(Func<TorchStorage, byte[]> load)
    {
        var type = storage.Type;
        var number = type.Read ?? throw new ModelFormatException($"a weight is a {type.Storage}; it must be Float, Double, Half or BFloat16");
        var bytes = load(storage);
        var values = new float[Count];
        var index = new long[Shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var at = offset;
            for (var axis = 0; axis < index.Length; axis++) at += index[axis] * strides[axis];
            values[i] = number(bytes, checked((int)(at * type.Size)));
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == Shape[axis]; axis--) index[axis] = 0;
        }
        return values;
    }

    private long CheckedCount()
    {
        if (Shape.Length != strides.Length || Shape.Length > MaxAxes)
            throw Bad($"{Shape.Length} sizes and {strides.Length} strides; there must be as many of both, at most {MaxAxes}");
        if (offset < 0 || Shape.Any(size => size < 0) || strides.Any(stride => stride < 0))
            throw Bad("a negative size, stride or offset");

        // 128 bits hold any product here: a factor is below 2^63 and the running product is cut at the storage's size.
        Int128 count = 1, last = offset;
        for (var axis = 0; axis < Shape.Length; axis++)
        {
            count *= Shape[axis];
            if (count > storage.Count) throw Bad($"shape {Weights.TensorEntry.Text(Shape)} is more than the {storage.Count} numbers of its storage");
            last += (Int128)Math.Max(0, Shape[axis] - 1) * strides[axis];
        }
        if (count > 0 && last >= storage.Count) throw Bad($"it ends at {last}, outside the {storage.Count} numbers of its storage");
        return (long)count;
    }

    private static ModelFormatException Bad(string what) => new($"a tensor of the checkpoint has {what}");
}
