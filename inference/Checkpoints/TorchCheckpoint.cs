using System.Numerics;
using Trm.Inference.Export;
using Trm.Inference.Weights;

namespace Trm.Inference.Checkpoints;

/// <summary>Reads what <c>torch.save</c> writes: weights, and T and n when the wrapper around them says them.</summary>
internal static class TorchCheckpoint
{
    // How training scripts call the state dict in what they save around it.
    private static readonly string[] StateDictKeys = ["model_state_dict", "state_dict", "model"];

    // What wrappers of a module put before each name: DataParallel, torch.compile, Lightning.
    private static readonly string[] Prefixes = ["module.", "_orig_mod.", "model."];

    // Files before PyTorch 1.6 were no zip and began with this number.
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <exception cref="ModelFormatException">Hostile, damaged, or not this model.</exception>
    public static Checkpoint Read(string path)
    {
        using var file = ModelFile.Open(path);
        var start = new byte[Math.Min(file.Length, PickleReader.MaxBytes)];
        file.ReadExactly(start);
        if (start.Length == 0) throw new ModelFormatException("the file is empty");
        if (!TorchArchive.IsZip(start)) throw NotAnArchive(start);

        file.Position = 0;
        using var archive = new TorchArchive(file);
        var root = PickleReader.Read(archive.ReadPickle());
        var weights = ModelWeights.Load(Entries(StateDict(root), archive));
        var hyperparameters = Value(root, "hyperparameters");
        return new Checkpoint(weights, new ModelMetadata(null, Whole(hyperparameters, "T", "recursion_cycles"), Whole(hyperparameters, "n", "latent_steps"), null));
    }

    // A plain pickle can hold no storages, but it is read all the same: what it tries to call is worth a name.
    private static ModelFormatException NotAnArchive(byte[] start)
    {
        try
        {
            return PickleReader.Read(start) is BigInteger magic && magic == LegacyMagic
                ? new ModelFormatException("the checkpoint was saved before PyTorch 1.6; load and save it again with a newer one")
                : new ModelFormatException("the file is a plain pickle; a checkpoint is the zip that torch.save writes");
        }
        catch (ModelFormatException e)
        {
            return new ModelFormatException($"the file is not the zip that torch.save writes; read as a plain pickle: {e.Message}", e);
        }
    }

    private static Dictionary<object, object?> StateDict(object? root)
    {
        if (root is not Dictionary<object, object?> dictionary) throw new ModelFormatException("the checkpoint holds no dictionary; save model.state_dict()");
        if (StateDictKeys.Select(key => Value(root, key)).OfType<Dictionary<object, object?>>().FirstOrDefault() is { } inner) return inner;
        if (dictionary.Values.Any(value => value is TorchTensor)) return dictionary;
        var keys = ModelFormatException.Printable(string.Join(", ", dictionary.Keys.Take(10)));
        throw new ModelFormatException($"the checkpoint holds no state dict; it has {(keys.Length == 0 ? "nothing" : keys)}, and needs {string.Join(" or ", StateDictKeys)}");
    }

    private static List<TensorEntry> Entries(Dictionary<object, object?> stateDict, TorchArchive archive)
    {
        var prefix = Prefixes.FirstOrDefault(p => stateDict.Keys.All(key => key is string name && name.StartsWith(p, StringComparison.Ordinal))) ?? "";
        return [.. stateDict.Select(entry => Entry(entry.Key, entry.Value, prefix, archive))];
    }

    private static TensorEntry Entry(object key, object? value, string prefix, TorchArchive archive)
    {
        if (key is not string name || value is not TorchTensor tensor)
            throw new ModelFormatException($"entry '{ModelFormatException.Printable($"{key}")}' of the state dict is not a named tensor");
        return new TensorEntry(name[prefix.Length..], tensor.Shape, () => tensor.Read(archive.ReadStorage));
    }

    private static int? Whole(object? dictionary, params string[] keys) =>
        keys.Select(key => Value(dictionary, key)).OfType<long>().Select(value => (int?)Math.Clamp(value, int.MinValue, int.MaxValue)).FirstOrDefault();

    private static object? Value(object? dictionary, string key) =>
        dictionary is Dictionary<object, object?> entries && entries.TryGetValue(key, out var value) ? value : null;
}
