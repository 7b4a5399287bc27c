using System.Runtime.InteropServices;

namespace Trm.Inference.Export;

/// <summary>
/// A graph under construction: initialisers, nodes, inputs and outputs, written as an ONNX model. The numbers of fields
/// and types are those of <c>onnx.proto</c>.
/// </summary>
internal sealed class OnnxGraph(string name)
{
    // The version of the file format that came with the opset.
    private const int IrVersion = 8;

    private readonly ProtobufWriter graph = new ProtobufWriter().Text(2, name);
    private readonly List<(string Key, string Value)> metadata = [];

    /// <summary>A tensor of floats.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string tensor, int[] shape, float[] values) => Initializer(tensor, OnnxType.Float, shape, MemoryMarshal.AsBytes<float>(values));

    /// <summary>A tensor of bytes with a sign.</summary>
    /// <inheritdoc cref="Constant(string, int[], float[])"/>
    public string Constant(string tensor, int[] shape, sbyte[] values) => Initializer(tensor, OnnxType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(values));

    /// <summary>A vector of indexes.</summary>
    /// <inheritdoc cref="Constant(string, int[], float[])"/>
    public string Constant(string tensor, long[] values) => Initializer(tensor, OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    /// <summary>A node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string type, string output, string[] inputs, params OnnxAttribute[] attributes)
    {
        Node(type, [output], inputs, attributes);
        return output;
    }

    /// <summary>A node, named as its first output.</summary>
    public void Node(string type, string[] outputs, string[] inputs, params OnnxAttribute[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs) node.Text(1, input);
        foreach (var output in outputs) node.Text(2, output);
        node.Text(3, outputs[0]).Text(4, type);
        foreach (var attribute in attributes) node.Message(5, attribute.Write());
        graph.Message(1, node);
    }

    /// <summary>An input of floats, [batch, columns].</summary>
    public string Input(string value, int columns)
    {
        graph.Message(11, BatchOf(value, columns));
        return value;
    }

    /// <summary>An output of floats, [batch, columns].</summary>
    public void Output(string value, int columns) => graph.Message(12, BatchOf(value, columns));

    /// <summary>A word about the model, for whoever loads it.</summary>
    public void Metadata(string key, string value) => metadata.Add((key, value));

    /// <summary>The whole file. The graph is finished.</summary>
    /// <param name="producerVersion">Version of this program.</param>
    public ProtobufWriter Write(string producerVersion)
    {
        var model = new ProtobufWriter().Integer(1, IrVersion).Text(2, "trm").Text(3, producerVersion);
        model.Message(7, graph).Message(8, new ProtobufWriter().Text(1, "").Integer(2, OnnxExport.Opset));
        foreach (var (key, value) in metadata) model.Message(14, new ProtobufWriter().Text(1, key).Text(2, value));
        return model;
    }

    private string Initializer(string tensor, OnnxType type, int[] shape, ReadOnlySpan<byte> values)
    {
        var message = new ProtobufWriter();
        foreach (var axis in shape) message.Integer(1, axis);
        graph.Message(5, message.Integer(2, (int)type).Text(8, tensor).Bytes(9, values.ToArray()));
        return tensor;
    }

    private static ProtobufWriter BatchOf(string value, int columns)
    {
        var shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "batch"))
            .Message(1, new ProtobufWriter().Integer(1, columns));
        var tensor = new ProtobufWriter().Integer(1, (int)OnnxType.Float).Message(2, shape);
        return new ProtobufWriter().Text(1, value).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
