using Trm.Inference.Weights;

namespace Trm.Inference.Export;

/// <summary>A matrix in fp32, [outputs, inputs] as PyTorch has it: one Gemm.</summary>
internal sealed class Fp32Linear : IGraphLinear
{
    private readonly Tensor matrix;
    private readonly string weight;
    private readonly string bias;

    /// <summary>Puts the matrix and its bias into the graph.</summary>
    public Fp32Linear(OnnxGraph graph, string layer, Tensor matrix, float[] bias)
    {
        this.matrix = matrix;
        weight = graph.Constant($"{layer}.weight", matrix.Shape, matrix.Data);
        this.bias = graph.Constant($"{layer}.bias", [bias.Length], bias);
    }

    /// <inheritdoc/>
    public string Apply(OnnxGraph graph, string output, string input, string? addend = null) => Multiply(graph, output, input, weight, addend ?? bias);

    /// <inheritdoc/>
    public string ApplyToRest(OnnxGraph graph, string output, string input, int skipped)
    {
        // A slice of a constant: runtimes cut it once, when they load the graph.
        var rest = graph.Node("Slice", $"{output}/rest",
        [
            weight,
            graph.Constant($"{output}/from", [skipped]),
            graph.Constant($"{output}/to", [matrix.Shape[1]]),
            graph.Constant($"{output}/axis", [1L]),
        ]);
        return Multiply(graph, output, input, rest, bias);
    }

    private static string Multiply(OnnxGraph graph, string output, string input, string weight, string addend) =>
        graph.Node("Gemm", output, [input, weight, addend], new OnnxAttribute("transB", 1));
}
