using Trm.Inference.Weights;

namespace Trm.Inference.Tests.Engine;

/// <summary>The formulas of the model, word for word and in double precision: what the engine is compared with.</summary>
internal sealed class ReferenceModel(ModelWeights weights, int cycles, int steps)
{
    public (double[] Probabilities, double Halt) Predict(ReadOnlySpan<float> features)
    {
        var x = Linear("input_proj", [.. features.ToArray().Select(f => (double)f)]);
        var y = new double[weights.Hidden];
        var z = new double[weights.Hidden];
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            for (var step = 0; step < steps; step++)
            {
                z = Add(z, Norm("norm_reasoning", Linear("reasoning_layer2", Gelu(Linear("reasoning_layer1", [.. x, .. y, .. z])))));
                y = Add(y, Norm("norm_solution", Linear("solution_layer2", Gelu(Linear("solution_layer1", [.. y, .. z])))));
            }
        }
        var logits = Linear("output_head", Norm("norm_output", y));
        var exponentials = logits.Select(l => Math.Exp(l - logits.Max())).ToArray();
        var halt = Linear("halt_layer2", Gelu(Linear("halt_layer1", z)))[0];
        return ([.. exponentials.Select(e => e / exponentials.Sum())], 1 / (1 + Math.Exp(-halt)));
    }

    /// <summary>erf by its Taylor series where it converges fast, and by the continued fraction of erfc beyond.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 3)
        {
            var fraction = 0.0;
            for (var k = 60; k > 0; k--) fraction = k / 2.0 / (Math.Abs(x) + fraction);
            return Math.Sign(x) * (1 - Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (Math.Abs(x) + fraction));
        }
        double term = x, sum = x;
        for (var k = 1; k < 100; k++)
        {
            term *= -x * x / k;
            sum += term / (2 * k + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private double[] Linear(string layer, double[] input)
    {
        var matrix = weights[$"{layer}.weight"];
        var bias = weights[$"{layer}.bias"].Data;
        var columns = matrix.Shape[1];
        var output = new double[bias.Length];
        for (var row = 0; row < output.Length; row++)
        {
            output[row] = bias[row];
            for (var k = 0; k < columns; k++) output[row] += matrix.Data[row * columns + k] * input[k];
        }
        return output;
    }

    private double[] Norm(string layer, double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + 1e-5);
        var scale = weights[$"{layer}.weight"].Data;
        var shift = weights[$"{layer}.bias"].Data;
        return [.. values.Select((v, i) => (v - mean) / deviation * scale[i] + shift[i])];
    }

    private static double[] Gelu(double[] values) => [.. values.Select(v => 0.5 * v * (1 + Erf(v / Math.Sqrt(2))))];

    private static double[] Add(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];
}
