namespace Trm.Inference.Checkpoints;

/// <summary>
/// A Python name that a state dict may mention. Nothing is looked up or called: a name is a value that
/// <see cref="PickleReader"/> knows how to read.
/// </summary>
/// <param name="Name">Module and name.</param>
internal sealed record PickleGlobal(string Name)
{
    public static readonly PickleGlobal OrderedDict = new("collections.OrderedDict");
    public static readonly PickleGlobal RebuildTensor = new("torch._utils._rebuild_tensor_v2");
    public static readonly PickleGlobal RebuildParameter = new("torch._utils._rebuild_parameter");
    public static readonly PickleGlobal Size = new("torch.Size");

    private static readonly Dictionary<string, PickleGlobal> Known = new[]
    {
        OrderedDict, RebuildTensor, RebuildParameter, Size,
    }.Concat(ElementType.All.Select(type => new PickleGlobal(type.Storage))).ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>The global of a name, or a refusal.</summary>
    /// <exception cref="ModelFormatException">No state dict needs it; the message says its name.</exception>
    public static PickleGlobal Of(string module, string name) =>
        Known.TryGetValue($"{module}.{name}", out var global) ? global : throw Refused($"{module}.{name}");

    /// <summary>What a reader says of anything a state dict does not need.</summary>
    public static ModelFormatException Refused(string what) => new(
        $"refused: {ModelFormatException.Printable(what)}; a state dict needs only OrderedDict, torch storages and tensors. Nothing of the file was run; do not load it elsewhere, and save the weights with torch.save(model.state_dict(), path)");
}
