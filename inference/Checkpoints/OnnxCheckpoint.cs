using System.Runtime.InteropServices;
using Trm.Inference.Export;
using Trm.Inference.Weights;

namespace Trm.Inference.Checkpoints;

/// <summary>
/// Reads the initialisers of an ONNX graph that carry the names of the state dict, as <c>trm model export --form naive</c>
/// and PyTorch's own export keep them; what the graph computes with them is not looked at. The numbers of fields are those of
/// <c>onnx.proto</c>.
/// </summary>
internal static class OnnxCheckpoint
{
    private const int Graph = 7, Properties = 14;
    private const int Initializer = 5;
    private const int Dimensions = 1, DataType = 2, FloatData = 4, Name = 8, RawData = 9, DataLocation = 14;
    private const int PropertyKey = 1, PropertyValue = 2;

    // A layer that only the full form has as it was trained: the hoisted form multiplies it into the next one.
    private const string FoldedWhenHoisted = "input_proj.weight";

    /// <exception cref="ModelFormatException">No ONNX graph, or not of this model.</exception>
    public static Checkpoint Read(byte[] file)
    {
        var model = new ProtobufReader(file);
        if (!model.Has(Graph)) throw new ModelFormatException("the file is no ONNX model: it has no graph");
        var known = ModelWeights.Names.ToHashSet(StringComparer.Ordinal);
        // A graph has constants of its own beside the weights.
        var tensors = model.Message(Graph).Messages(Initializer).Where(tensor => tensor.Has(Name) && known.Contains(tensor.Text(Name))).Select(Entry).ToList();
        if (tensors.Count > 0 && tensors.TrueForAll(tensor => tensor.Name != FoldedWhenHoisted))
            throw new ModelFormatException($"the graph has no initialiser {FoldedWhenHoisted}: it was exported with that layer multiplied into the next; import a package, or a graph of 'trm model export --form naive'");
        return new Checkpoint(ModelWeights.Load(tensors), ModelMetadata.Read(Texts(model)));
    }

    private static Dictionary<string, string> Texts(ProtobufReader model)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in model.Messages(Properties)) texts[property.Text(PropertyKey)] = property.Text(PropertyValue);
        return texts;
    }

    private static TensorEntry Entry(ProtobufReader tensor)
    {
        var name = tensor.Text(Name);
        if (tensor.Has(DataLocation) && tensor.Integer(DataLocation) != 0)
            throw new ModelFormatException($"initialiser '{name}' is kept in another file; export the graph with its weights inside");
        var type = tensor.Integer(DataType);
        if (type != (long)OnnxType.Float) throw new ModelFormatException($"initialiser '{name}' has data type {type}; it must be {(long)OnnxType.Float} (float): export the graph in fp32");
        var shape = Shape(tensor);
        var values = tensor.Has(RawData) ? tensor.Bytes(RawData) : tensor.Bytes(FloatData);
        var count = shape.Aggregate((Int128)1, (product, axis) => product * axis);
        if (shape.Any(axis => axis < 0) || count * sizeof(float) != values.Length)
            throw new ModelFormatException($"initialiser '{name}' of shape {TensorEntry.Text(shape)} has {values.Length} bytes of floats");
        return new TensorEntry(name, shape, () => MemoryMarshal.Cast<byte, float>(values.Span).ToArray());
    }

    // Written one by one, or packed into one stretch of varints.
    private static List<long> Shape(ProtobufReader tensor)
    {
        var axes = tensor.Integers(Dimensions).ToList();
        return axes.Count > 0 || !tensor.Has(Dimensions) ? axes : ProtobufReader.Varints(tensor.Bytes(Dimensions));
    }
}
