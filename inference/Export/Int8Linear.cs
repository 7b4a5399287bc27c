using Trm.Inference.Weights;

namespace Trm.Inference.Export;

/// <summary>
/// A matrix in int8, symmetric, with a scale for each output; its input is quantised to uint8 when the graph runs. The
/// nodes are those that ONNX Runtime's <c>quantize_dynamic</c> writes, so that a runtime fuses them as it fuses those.
/// </summary>
internal sealed class Int8Linear : IGraphLinear
{
    private const int Largest = 127;

    private readonly int inputs;
    private readonly string weight;
    private readonly string scale;
    private readonly string bias;

    /// <summary>Quantises the matrix and puts it, its scales and its bias into the graph.</summary>
    public Int8Linear(OnnxGraph graph, string layer, Tensor matrix, float[] bias)
    {
        var outputs = matrix.Shape[0];
        inputs = matrix.Shape[1];
        var scales = new float[outputs];
        var quantized = new sbyte[inputs * outputs];
        for (var row = 0; row < outputs; row++)
        {
            var values = matrix.Data.AsSpan(row * inputs, inputs);
            scales[row] = Scale(values);
            // MatMulInteger has no transposition: [inputs, outputs].
            for (var k = 0; k < inputs; k++) quantized[k * outputs + row] = (sbyte)Math.Round(values[k] / scales[row]);
        }
        weight = graph.Constant($"{layer}.weight_int8", [inputs, outputs], quantized);
        scale = graph.Constant($"{layer}.scale", [outputs], scales);
        this.bias = graph.Constant($"{layer}.bias", [outputs], bias);
    }

    /// <inheritdoc/>
    public string Apply(OnnxGraph graph, string output, string input, string? addend = null) => Multiply(graph, output, input, weight, addend ?? bias);

    /// <inheritdoc/>
    public string ApplyToRest(OnnxGraph graph, string output, string input, int skipped)
    {
        var rest = graph.Node("Slice", $"{output}/rest",
        [
            weight,
            graph.Constant($"{output}/from", [skipped]),
            graph.Constant($"{output}/to", [inputs]),
            graph.Constant($"{output}/axis", [0L]),
        ]);
        return Multiply(graph, output, input, rest, bias);
    }

    private string Multiply(OnnxGraph graph, string output, string input, string matrix, string addend)
    {
        string[] quantized = [$"{output}/quantized", $"{output}/input_scale", $"{output}/input_zero"];
        graph.Node("DynamicQuantizeLinear", quantized, [input]);
        var sum = graph.Node("MatMulInteger", $"{output}/sum", [quantized[0], matrix, quantized[2]]);
        var sumAsFloat = graph.Node("Cast", $"{output}/sum_as_float", [sum], new OnnxAttribute("to", (long)OnnxType.Float));
        var scales = graph.Node("Mul", $"{output}/scales", [quantized[1], scale]);
        var product = graph.Node("Mul", $"{output}/product", [sumAsFloat, scales]);
        return graph.Node("Add", output, [product, addend]);
    }

    private static float Scale(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        // A row of zeros (or of numbers so small that their 127th part is none) has no scale of its own.
        return float.IsNormal(largest / Largest) ? largest / Largest : 1;
    }
}
