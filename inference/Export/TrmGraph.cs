using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Weights;

namespace Trm.Inference.Export;

/// <summary>
/// Writes the forward pass into a graph, T·n steps unrolled over shared matrices; see <see cref="Engine.ManagedEngine"/>
/// for the formulas. Values are named by step: z3 and y3 are the states after the third.
/// </summary>
internal sealed class TrmGraph
{
    private readonly OnnxGraph graph;
    private readonly ModelWeights weights;
    private readonly OnnxPrecision precision;
    private readonly string half;
    private readonly string one;
    private readonly string root;

    private TrmGraph(OnnxGraph graph, ModelWeights weights, OnnxPrecision precision)
    {
        this.graph = graph;
        this.weights = weights;
        this.precision = precision;
        half = graph.Constant("half", [], [0.5f]);
        one = graph.Constant("one", [], [1f]);
        root = graph.Constant("root_of_two", [], [MathF.Sqrt(2)]);
    }

    /// <summary>Input <c>normalized</c> [batch, 10]; outputs <c>probabilities</c> [batch, 8] and <c>halt</c> [batch, 1].</summary>
    public static void Write(OnnxGraph graph, ModelWeights weights, int steps, OnnxForm form, OnnxPrecision precision)
    {
        var input = graph.Input("normalized", FeatureNames.Count);
        graph.Output("probabilities", Strategy.Count);
        graph.Output("halt", 1);

        var writer = new TrmGraph(graph, weights, precision);
        var (solution, latent) = form switch
        {
            OnnxForm.Hoisted => writer.Hoisted(input, steps),
            OnnxForm.Naive => writer.Naive(input, steps),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
        };
        writer.ReadStrategies(solution);
        writer.ReadHalt(latent);
    }

    private (string Solution, string Latent) Naive(string input, int steps)
    {
        var projected = Fp32("input_proj").Apply(graph, "x", input);
        var reasoning = Step("reasoning_layer1", weights["reasoning_layer1.weight"]);
        var layers = new Layers(this);
        var latent = Zero("z0", projected);
        var solution = latent;
        for (var step = 1; step <= steps; step++)
        {
            var z = $"z{step}";
            latent = layers.RefineLatent(z, reasoning.Apply(graph, $"{z}/inner", Concat($"{z}/xyz", projected, solution, latent)), latent);
            solution = layers.RefineSolution($"y{step}", solution, latent);
        }
        return (solution, latent);
    }

    private (string Solution, string Latent) Hoisted(string input, int steps)
    {
        var fromInput = FromInput(input);
        if (steps == 0) return (Zero("z0", fromInput), "z0");

        var reasoning = Step("reasoning_layer1", Columns(weights["reasoning_layer1.weight"], weights.Hidden));
        var layers = new Layers(this);
        // y and z are zero at first: the first layer gives what x̂ alone gives, and the states are what is added to them.
        var latent = layers.RefineLatent("z1", fromInput, null);
        var solution = layers.FirstSolution("y1", latent);
        for (var step = 2; step <= steps; step++)
        {
            var z = $"z{step}";
            latent = layers.RefineLatent(z, reasoning.Apply(graph, $"{z}/inner", Concat($"{z}/yz", solution, latent), fromInput), latent);
            solution = layers.RefineSolution($"y{step}", solution, latent);
        }
        return (solution, latent);
    }

    /// <summary>W1x·(Win·x + bin) + b1 as one small layer, (W1x·Win)·x + (W1x·bin + b1), multiplied out in double precision.</summary>
    private string FromInput(string input)
    {
        var hidden = weights.Hidden;
        var reasoning = weights["reasoning_layer1.weight"];
        var projection = weights["input_proj.weight"].Data;
        var projectionBias = weights["input_proj.bias"].Data;
        var folded = new float[hidden * FeatureNames.Count];
        var bias = new float[hidden];
        for (var row = 0; row < hidden; row++)
        {
            var fromX = reasoning.Data.AsSpan(row * reasoning.Shape[1], hidden);
            double sum = weights["reasoning_layer1.bias"].Data[row];
            for (var k = 0; k < hidden; k++) sum += (double)fromX[k] * projectionBias[k];
            bias[row] = (float)sum;
            for (var feature = 0; feature < FeatureNames.Count; feature++)
            {
                sum = 0;
                for (var k = 0; k < hidden; k++) sum += (double)fromX[k] * projection[k * FeatureNames.Count + feature];
                folded[row * FeatureNames.Count + feature] = (float)sum;
            }
        }
        return new Fp32Linear(graph, "from_input", new Tensor([hidden, FeatureNames.Count], folded), bias).Apply(graph, "c", input);
    }

    private void ReadStrategies(string solution)
    {
        var normed = new Norm(this, "norm_output").Apply("output/normed", solution);
        var logits = Fp32("output_head").Apply(graph, "output/logits", normed);
        graph.Node("Softmax", "probabilities", [logits], new OnnxAttribute("axis", -1));
    }

    private void ReadHalt(string latent)
    {
        var inner = Gelu("halt/gelu", Fp32("halt_layer1").Apply(graph, "halt/inner", latent));
        graph.Node("Sigmoid", "halt", [Fp32("halt_layer2").Apply(graph, "halt/logit", inner)]);
    }

    private Fp32Linear Fp32(string layer) => new(graph, layer, weights[$"{layer}.weight"], weights[$"{layer}.bias"].Data);

    private IGraphLinear Step(string layer, Tensor matrix)
    {
        var bias = weights[$"{layer}.bias"].Data;
        return precision == OnnxPrecision.Int8 ? new Int8Linear(graph, layer, matrix, bias) : new Fp32Linear(graph, layer, matrix, bias);
    }

    private IGraphLinear Step(string layer) => Step(layer, weights[$"{layer}.weight"]);

    // As many zeros as the batch is long. A product needs no shape arithmetic, which CUDA graphs could not capture.
    private string Zero(string output, string like) => graph.Node("Mul", output, [like, graph.Constant("zero", [], [0f])]);

    private string Concat(string output, params string[] inputs) => graph.Node("Concat", output, inputs, new OnnxAttribute("axis", 1));

    // Exact, by erf: the five nodes that runtimes know and fuse.
    private string Gelu(string output, string input)
    {
        var erf = graph.Node("Erf", $"{output}/erf", [graph.Node("Div", $"{output}/scaled", [input, root])]);
        var product = graph.Node("Mul", $"{output}/product", [input, graph.Node("Add", $"{output}/shifted", [erf, one])]);
        return graph.Node("Mul", output, [product, half]);
    }

    /// <summary>The columns from <paramref name="first"/> on.</summary>
    private static Tensor Columns(Tensor matrix, int first)
    {
        var (rows, columns) = (matrix.Shape[0], matrix.Shape[1]);
        var rest = new float[rows * (columns - first)];
        for (var row = 0; row < rows; row++) matrix.Data.AsSpan(row * columns + first, columns - first).CopyTo(rest.AsSpan(row * (columns - first)));
        return new Tensor([rows, columns - first], rest);
    }

    private sealed class Norm(TrmGraph writer, string layer)
    {
        private readonly string scale = writer.graph.Constant($"{layer}.weight", [writer.weights.Hidden], writer.weights[$"{layer}.weight"].Data);
        private readonly string shift = writer.graph.Constant($"{layer}.bias", [writer.weights.Hidden], writer.weights[$"{layer}.bias"].Data);

        public string Apply(string output, string input) => writer.graph.Node(
            "LayerNormalization", output, [input, scale, shift], new OnnxAttribute("axis", -1), new OnnxAttribute("epsilon", 1e-5f));
    }

    /// <summary>What both forms share: everything behind the first layer of a step.</summary>
    private sealed class Layers(TrmGraph writer)
    {
        private readonly IGraphLinear reasoningOut = writer.Step("reasoning_layer2");
        private readonly IGraphLinear solutionIn = writer.Step("solution_layer1");
        private readonly IGraphLinear solutionOut = writer.Step("solution_layer2");
        private readonly Norm reasoningNorm = new(writer, "norm_reasoning");
        private readonly Norm solutionNorm = new(writer, "norm_solution");

        public string RefineLatent(string output, string inner, string? latent) => Refine(output, inner, latent, reasoningOut, reasoningNorm);

        public string RefineSolution(string output, string solution, string latent)
        {
            var inner = solutionIn.Apply(writer.graph, $"{output}/inner", writer.Concat($"{output}/yz", solution, latent));
            return Refine(output, inner, solution, solutionOut, solutionNorm);
        }

        public string FirstSolution(string output, string latent)
        {
            var inner = solutionIn.ApplyToRest(writer.graph, $"{output}/inner", latent, writer.weights.Hidden);
            return Refine(output, inner, null, solutionOut, solutionNorm);
        }

        private string Refine(string output, string inner, string? state, IGraphLinear second, Norm norm)
        {
            var delta = second.Apply(writer.graph, $"{output}/delta", writer.Gelu($"{output}/gelu", inner));
            if (state is null) return norm.Apply(output, delta);
            return writer.graph.Node("Add", output, [state, norm.Apply($"{output}/normed", delta)]);
        }
    }
}
