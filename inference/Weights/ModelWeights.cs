using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Weights;

/// <summary>The 22 tensors of the model: there by name, of the right shape for one H, and finite.</summary>
internal sealed class ModelWeights
{
    /// <summary>The widest hidden state that is loaded: about a gigabyte of weights.</summary>
    public const int MaxHidden = 8192;

    private readonly Dictionary<string, Tensor> tensors;

    private ModelWeights(int hidden, Dictionary<string, Tensor> tensors)
    {
        Hidden = hidden;
        this.tensors = tensors;
    }

    /// <summary>Width H of the hidden state; even.</summary>
    public int Hidden { get; }

    /// <summary>Trainable numbers in all.</summary>
    public long Parameters => tensors.Values.Sum(t => (long)t.Data.Length);

    /// <summary>A tensor by its name in the state dict.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>Names of the tensors, whatever the width.</summary>
    public static IEnumerable<string> Names => Layout(2).Select(t => t.Name);

    /// <summary>Names and shapes for a width, in the order that files are written and fingerprints taken.</summary>
    public static IReadOnlyList<(string Name, int[] Shape)> Layout(int hidden) =>
    [
        .. Linear("input_proj", hidden, FeatureNames.Count),
        .. Linear("reasoning_layer1", hidden, 3 * hidden),
        .. Linear("reasoning_layer2", hidden, hidden),
        .. Linear("solution_layer1", hidden, 2 * hidden),
        .. Linear("solution_layer2", hidden, hidden),
        .. Linear("output_head", Strategy.Count, hidden),
        .. Linear("halt_layer1", hidden / 2, hidden),
        .. Linear("halt_layer2", 1, hidden / 2),
        .. Norm("norm_reasoning", hidden),
        .. Norm("norm_solution", hidden),
        .. Norm("norm_output", hidden),
    ];

    /// <summary>Checks names and shapes, then reads the values.</summary>
    /// <exception cref="ModelFormatException">Names the tensor and what is wrong with it.</exception>
    public static ModelWeights Load(IReadOnlyCollection<TensorEntry> entries)
    {
        var byName = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!byName.TryAdd(entry.Name, entry)) throw new ModelFormatException($"tensor '{entry.Name}' is there twice");
        }

        var layout = Layout(HiddenOf(byName));
        foreach (var (name, shape) in layout) CheckShape(Find(byName, name), shape);
        var known = layout.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        if (byName.Keys.FirstOrDefault(name => !known.Contains(name)) is { } extra)
            throw new ModelFormatException($"tensor '{ModelFormatException.Printable(extra)}' is not part of this model; it has {layout.Count} tensors, from input_proj.weight to norm_output.bias");

        return new ModelWeights(layout[0].Shape[0], layout.ToDictionary(t => t.Name, t => Read(byName[t.Name], t.Shape), StringComparer.Ordinal));
    }

    /// <summary>The tensors in the order of <see cref="Layout"/>.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> InOrder() => Layout(Hidden).Select(t => (t.Name, tensors[t.Name]));

    /// <summary>Adds every value to a hash: equal weights give an equal hash, whichever file format they came in.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        foreach (var (_, tensor) in InOrder()) hash.AppendData(MemoryMarshal.AsBytes<float>(tensor.Data));
    }

    private static int HiddenOf(Dictionary<string, TensorEntry> byName)
    {
        var projection = Find(byName, "input_proj.weight");
        if (projection.Shape.Count != 2)
            throw new ModelFormatException($"tensor 'input_proj.weight' has shape {TensorEntry.Text(projection.Shape)}; it must be [H, {FeatureNames.Count}]");
        if (projection.Shape[1] != FeatureNames.Count)
            throw new ModelFormatException($"the model takes {projection.Shape[1]} features; this service gives {FeatureNames.Count}: {string.Join(", ", FeatureNames.All)}");
        var hidden = projection.Shape[0];
        if (hidden is < 2 or > MaxHidden || hidden % 2 != 0)
            throw new ModelFormatException($"hidden size {hidden} is not an even number from 2 to {MaxHidden}");
        return (int)hidden;
    }

    private static TensorEntry Find(Dictionary<string, TensorEntry> byName, string name) =>
        byName.TryGetValue(name, out var entry) ? entry : throw new ModelFormatException($"tensor '{name}' is missing");

    private static void CheckShape(TensorEntry entry, int[] shape)
    {
        if (!entry.Shape.SequenceEqual(shape.Select(axis => (long)axis)))
            throw new ModelFormatException($"tensor '{entry.Name}' has shape {TensorEntry.Text(entry.Shape)}; it must be {TensorEntry.Text(shape)}");
    }

    private static Tensor Read(TensorEntry entry, int[] shape)
    {
        var data = entry.Read();
        foreach (var value in data)
        {
            if (!float.IsFinite(value)) throw new ModelFormatException($"tensor '{entry.Name}' holds NaN or infinity; the training run that wrote it diverged");
        }
        return new Tensor(shape, data);
    }

    private static IEnumerable<(string, int[])> Linear(string name, int outputs, int inputs) =>
        [($"{name}.weight", [outputs, inputs]), ($"{name}.bias", [outputs])];

    private static IEnumerable<(string, int[])> Norm(string name, int size) =>
        [($"{name}.weight", [size]), ($"{name}.bias", [size])];
}
