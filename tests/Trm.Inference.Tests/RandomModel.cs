using System.Security.Cryptography;
using System.Text.Json;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Weights;

namespace Trm.Inference.Tests;

/// <summary>Small made-up models, so that the suite stands without the reference files.</summary>
internal static class RandomModel
{
    /// <summary>Weights of about the size training gives them, from a seed.</summary>
    public static List<(string Name, int[] Shape, float[] Data)> Tensors(int hidden, int seed = 1)
    {
        var random = new Random(seed);
        return [.. ModelWeights.Layout(hidden).Select(t => (t.Name, t.Shape, Values(t.Name, t.Shape, random)))];
    }

    public static ModelWeights Weights(int hidden, int seed = 1) => ModelWeights.Load(Entries(Tensors(hidden, seed)));

    public static List<TensorEntry> Entries(IEnumerable<(string Name, int[] Shape, float[] Data)> tensors) =>
        [.. tensors.Select(t => new TensorEntry(t.Name, [.. t.Shape.Select(axis => (long)axis)], () => t.Data))];

    public static TrmModel Model(int hidden = 6, int cycles = 2, int steps = 1, int seed = 1, string featureSet = FeatureSets.CausalV2, string version = "random-1")
    {
        var weights = Weights(hidden, seed);
        var info = new ModelInfo
        {
            Name = "random", Version = version, FeatureSet = featureSet, HiddenSize = hidden,
            RecursionCycles = cycles, LatentSteps = steps, Parameters = weights.Parameters,
            TrainedFrom = new DateOnly(2010, 1, 4), TrainedTo = new DateOnly(2020, 12, 31),
        };
        return new TrmModel(info, Normalization.Create(Mean, Std, FeatureNames.All), weights);
    }

    public static double[] Mean { get; } = [28, -0.004, -0.017, 1.01, 0.44, 0.26, 1.4, 0.99, 0.029, 0.96];

    public static double[] Std { get; } = [11.4, 0.039, 0.08, 0.27, 0.22, 0.06, 0.57, 0.03, 0.02, 0.08];

    public static FeatureVector Features { get; } = FeatureVector.From([14.5, -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.99, 0.03, 0.95]);

    public static float[] Inputs(int batch, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, batch * FeatureNames.Count).Select(_ => (float)(4 * random.NextDouble() - 2))];
    }

    public static string NormalizationJson(Action<Dictionary<string, object>>? change = null)
    {
        var json = new Dictionary<string, object> { ["mean"] = Mean, ["std"] = Std, ["feature_names"] = FeatureNames.All };
        change?.Invoke(json);
        return JsonSerializer.Serialize(json);
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static float[] Values(string name, int[] shape, Random random)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        var scale = shape.Length == 2 ? 1.5 / Math.Sqrt(shape[1]) : 0.2;
        var center = name.StartsWith("norm_", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) ? 1.0 : 0.0;
        return [.. Enumerable.Range(0, count).Select(_ => (float)(center + scale * (2 * random.NextDouble() - 1)))];
    }
}
