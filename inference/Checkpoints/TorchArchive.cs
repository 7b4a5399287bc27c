using System.IO.Compression;

namespace Trm.Inference.Checkpoints;

/// <summary>
/// The zip that <c>torch.save</c> writes: <c>NAME/data.pkl</c> and the storages' bytes as <c>NAME/data/KEY</c>, stored
/// without compression, which is what lets every size be checked against the file before it is believed.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const string Pickle = "data.pkl";
    private const int MaxEntries = 100_000;

    private readonly ZipArchive zip;
    private readonly long fileLength;
    private readonly string folder;

    /// <exception cref="ModelFormatException">Not such an archive.</exception>
    public TorchArchive(Stream file)
    {
        fileLength = file.Length;
        try
        {
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MaxEntries) throw new ModelFormatException($"the archive has {zip.Entries.Count} entries; at most {MaxEntries} are read");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new ModelFormatException("the archive is damaged or cut short; copy or save the checkpoint again", e);
        }
        var pickle = zip.Entries.FirstOrDefault(entry => entry.FullName == Pickle || entry.FullName.EndsWith("/" + Pickle, StringComparison.Ordinal))
            ?? throw new ModelFormatException($"the archive has no {Pickle}; torch.save(model.state_dict(), path) writes one");
        folder = pickle.FullName[..^Pickle.Length];
        CheckByteOrder();
    }

    /// <summary>Whether a file begins as a zip does.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK"u8);

    public byte[] ReadPickle() => Read(Pickle, PickleReader.MaxBytes);

    /// <summary>A storage's bytes; exactly as many as the pickle says.</summary>
    public byte[] ReadStorage(TorchStorage storage)
    {
        var bytes = Read("data/" + storage.Key, ModelFile.MaxBytes);
        if (bytes.Length / storage.Type.Size != storage.Count || bytes.Length % storage.Type.Size != 0)
            throw new ModelFormatException($"storage {ModelFormatException.Printable(storage.Key)} has {bytes.Length} bytes; its {storage.Count} numbers need {storage.Type.Size} each");
        return bytes;
    }

    public void Dispose() => zip.Dispose();

    // Written since PyTorch 2.1; before, every file was little-endian.
    private void CheckByteOrder()
    {
        if (zip.GetEntry(folder + "byteorder") is null) return;
        var order = Read("byteorder", 16);
        if (!order.AsSpan().SequenceEqual("little"u8)) throw new ModelFormatException("the checkpoint was saved on a big-endian machine; save it on a little-endian one");
    }

    private byte[] Read(string name, long limit)
    {
        var printable = ModelFormatException.Printable(name);
        var entry = zip.GetEntry(folder + name) ?? throw new ModelFormatException($"the archive has no {printable}, which its pickle needs");
        if (entry.Length != entry.CompressedLength) throw new ModelFormatException($"{printable} in the archive is compressed; torch.save stores without compression");
        if (entry.Length > limit || entry.Length > fileLength) throw new ModelFormatException($"{printable} in the archive claims {entry.Length} bytes; at most {Math.Min(limit, fileLength)} are possible");
        try
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new ModelFormatException($"{printable} in the archive is damaged; copy or save the checkpoint again", e);
        }
    }
}
