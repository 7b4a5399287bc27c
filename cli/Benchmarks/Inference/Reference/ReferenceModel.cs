using System.Numerics;
using Trm.Inference;
using Trm.Inference.Weights;

namespace Trm.Cli.Benchmarks.Inference.Reference;

/// <summary>
/// The model's formulas in double precision, nothing folded or hoisted: what every contestant's answers are held against.
/// Its own rounding is some 1e-14, far below any error it finds.
/// </summary>
internal sealed class ReferenceModel
{
    private readonly int hidden;
    private readonly int steps;
    private readonly Dictionary<string, double[]> tensors;

    public ReferenceModel(TrmModel model)
        : this(model.Weights, model.Info.RecursionCycles * model.Info.LatentSteps)
    {
    }

    private ReferenceModel(ModelWeights weights, int steps)
    {
        hidden = weights.Hidden;
        this.steps = steps;
        tensors = weights.InOrder().ToDictionary(t => t.Name, t => Array.ConvertAll(t.Tensor.Data, value => (double)value), StringComparer.Ordinal);
    }

    /// <summary>Eight probabilities and the halt probability of ten normalised features.</summary>
    public double[] Predict(ReadOnlySpan<float> features)
    {
        var x = Linear("input_proj", Widen(features));
        var y = new double[hidden];
        var z = new double[hidden];
        for (var step = 0; step < steps; step++)
        {
            AddNormalized(z, "norm_reasoning", Linear("reasoning_layer2", Gelu(Linear("reasoning_layer1", [.. x, .. y, .. z]))));
            AddNormalized(y, "norm_solution", Linear("solution_layer2", Gelu(Linear("solution_layer1", [.. y, .. z]))));
        }
        var normed = new double[hidden];
        AddNormalized(normed, "norm_output", y);
        var halt = Linear("halt_layer2", Gelu(Linear("halt_layer1", z)))[0];
        return [.. Softmax(Linear("output_head", normed)), 1 / (1 + Math.Exp(-halt))];
    }

    private double[] Linear(string layer, double[] input)
    {
        var weights = tensors[$"{layer}.weight"];
        var bias = tensors[$"{layer}.bias"];
        var output = new double[bias.Length];
        for (var row = 0; row < output.Length; row++)
        {
            output[row] = bias[row] + Dot(weights.AsSpan(row * input.Length, input.Length), input);
        }
        return output;
    }

    private void AddNormalized(double[] state, string norm, double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length + 1e-5);
        var scale = tensors[$"{norm}.weight"];
        var shift = tensors[$"{norm}.bias"];
        for (var i = 0; i < state.Length; i++) state[i] += (values[i] - mean) / deviation * scale[i] + shift[i];
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var (first, second, i) = (Vector<double>.Zero, Vector<double>.Zero, 0);
        for (; i <= left.Length - 2 * Vector<double>.Count; i += 2 * Vector<double>.Count)
        {
            first += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
            second += new Vector<double>(left[(i + Vector<double>.Count)..]) * new Vector<double>(right[(i + Vector<double>.Count)..]);
        }
        var sum = Vector.Sum(first + second);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private static double[] Softmax(double[] logits)
    {
        var largest = logits.Max();
        var exponentials = Array.ConvertAll(logits, logit => Math.Exp(logit - largest));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, e => e / sum);
    }

    private static double[] Gelu(double[] values) => Array.ConvertAll(values, v => 0.5 * v * (1 + ErrorFunction.Of(v / Math.Sqrt(2))));
}
