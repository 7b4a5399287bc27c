using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests.Engine;

/// <summary>Random shapes on every path that this processor has, against the formulas in double precision.</summary>
public sealed class FuzzTests
{
    private const int Cases = 200;

    /// <summary>What one case may cost on one path: large models get small batches.</summary>
    private const long MultiplyAddsPerCase = 4_000_000;

    public static TheoryData<string, Precision, double> Paths()
    {
        var data = new TheoryData<string, Precision, double>();
        foreach (var path in EnginePath.Supported)
        {
            data.Add(path.Name, Precision.Fp32, 2e-6);
            // Weights drawn at random are harder than trained ones: a norm may divide by next to nothing. 95 of 100 cases are within 2e-4.
            data.Add(path.Name, Precision.Int16, 2e-3);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Any_shape_and_batch_is_within_bounds_of_the_reference(string pathName, Precision precision, double bound)
    {
        var path = EnginePath.Supported.Single(p => p.Name == pathName);
        var random = new Random(20260101);
        var worst = 0.0;
        for (var i = 0; i < Cases; i++)
        {
            var hidden = 2 * (int)Math.Round(8 * Math.Pow(48, random.NextDouble()));
            var (cycles, steps) = (random.Next(1, 4), random.Next(0, 5));
            var cost = Math.Max(1, 7L * hidden * hidden * cycles * steps);
            var batch = (int)Math.Clamp(MultiplyAddsPerCase / cost, 1, random.Next(1, 68));

            var difference = Difference(path, precision, hidden, cycles, steps, batch, seed: i);

            Assert.True(difference <= bound, $"case {i}: H {hidden}, T {cycles}, n {steps}, batch {batch}: off by {difference:0.0e+0}, at most {bound:0.0e+0} allowed");
            worst = Math.Max(worst, difference);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} cases on {pathName} {precision}: worst {worst:0.0e+0}");
    }

    // Of the first and the last row: that the rows between are the same alone is another test's promise.
    private static double Difference(EnginePath path, Precision precision, int hidden, int cycles, int steps, int batch, int seed)
    {
        var weights = RandomModel.Weights(hidden, seed);
        using var engine = new ManagedEngine(weights, cycles, steps, precision, path: path);
        var input = RandomModel.Inputs(batch, seed);
        var probabilities = new float[batch * Strategy.Count];
        var halt = new float[batch];
        engine.Predict(input, probabilities, halt);

        var reference = new ReferenceModel(weights, cycles, steps);
        var worst = 0.0;
        foreach (var sample in new[] { 0, batch - 1 }.Distinct())
        {
            var expected = reference.Predict(input.AsSpan(sample * FeatureNames.Count, FeatureNames.Count));
            for (var i = 0; i < Strategy.Count; i++) worst = Math.Max(worst, Math.Abs(expected.Probabilities[i] - probabilities[sample * Strategy.Count + i]));
            worst = Math.Max(worst, Math.Abs(expected.Halt - halt[sample]));
        }
        return double.IsNaN(worst) ? double.PositiveInfinity : worst;
    }
}
