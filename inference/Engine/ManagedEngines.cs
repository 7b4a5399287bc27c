using System.Globalization;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Engine;

/// <summary>Makes the managed engine of a model.</summary>
public static class ManagedEngines
{
    /// <summary>Most that a probability may differ between int16 and fp32 for <see cref="Precision.Auto"/> to take int16.</summary>
    public const double ProbabilityTolerance = 1e-4;

    /// <summary>Most that the halt probability may differ.</summary>
    public const double HaltTolerance = 1e-3;

    private const int MadeUpSamples = 64;

    /// <summary>An engine of a model, on the fastest path that this processor has.</summary>
    /// <param name="model">The model; its weights are copied once into the layout that the engine wants.</param>
    /// <param name="precision">How it multiplies.</param>
    /// <param name="threads">
    /// Threads that share each call's work, for its latency, the caller's included. While they are busy with one call, others run
    /// on their callers' threads alone.
    /// </param>
    public static IInferenceEngine Create(TrmModel model, Precision precision = Precision.Fp32, int threads = 1) =>
        Choose(model, precision, threads).Engine;

    /// <summary>
    /// The same, and why: <see cref="Precision.Auto"/> takes int16 only when it agrees with fp32 on the model's golden inputs
    /// (made-up ones for a checkpoint, which has none).
    /// </summary>
    public static EngineChoice Choose(TrmModel model, Precision precision, int threads = 1)
    {
        if (precision != Precision.Auto) return new EngineChoice(Create(precision, threads), "as asked for");

        using var exact = Create(Precision.Fp32, 1);
        var quick = Create(Precision.Int16, threads);
        var (probability, halt) = Difference(exact, quick, Samples(model));
        var figures = string.Create(CultureInfo.InvariantCulture, $"{probability:0.0e+00} in probabilities and {halt:0.0e+00} in halt of fp32");
        if (probability <= ProbabilityTolerance && halt <= HaltTolerance) return new EngineChoice(quick, $"int16 is within {figures}");

        quick.Dispose();
        return new EngineChoice(Create(Precision.Fp32, threads), $"int16 is not near enough: {figures}");

        ManagedEngine Create(Precision p, int t) => new(model.Weights, model.Info.RecursionCycles, model.Info.LatentSteps, p, t);
    }

    private static (double Probability, double Halt) Difference(ManagedEngine exact, ManagedEngine quick, float[] samples)
    {
        var (expected, expectedHalt) = Run(exact, samples);
        var (actual, actualHalt) = Run(quick, samples);
        return (Largest(expected, actual), Largest(expectedHalt, actualHalt));
    }

    private static (float[] Probabilities, float[] Halt) Run(ManagedEngine engine, float[] samples)
    {
        var halt = new float[samples.Length / FeatureNames.Count];
        var probabilities = new float[halt.Length * Strategy.Count];
        engine.Predict(samples, probabilities, halt);
        return (probabilities, halt);
    }

    // A NaN is no agreement.
    private static double Largest(float[] expected, float[] actual) =>
        expected.Zip(actual, (e, a) => double.IsFinite(e) && double.IsFinite(a) ? Math.Abs((double)e - a) : double.PositiveInfinity).Max();

    private static float[] Samples(TrmModel model)
    {
        if (model.GoldenInputs is { Count: > 0 } golden) return [.. golden.SelectMany(row => row.Select(value => (float)value))];
        var random = new Random(1);
        return [.. Enumerable.Range(0, MadeUpSamples * FeatureNames.Count).Select(_ => (float)((6 * random.NextDouble()) - 3))];
    }
}
