using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Checkpoints;
using Trm.Inference.Packages;
using Trm.Inference.Weights;

namespace Trm.Inference;

/// <summary>A loaded Tiny Recursive Model: checked weights, normalisation and what it says of itself. Immutable.</summary>
public sealed class TrmModel
{
    /// <summary>Cycles T of a checkpoint that does not say.</summary>
    public const int DefaultRecursionCycles = 3;

    /// <summary>Latent steps n of a checkpoint that does not say.</summary>
    public const int DefaultLatentSteps = 6;

    // Beyond it a prediction takes minutes, and a typo is the likelier reason.
    private const int MaxSteps = 10_000;

    internal TrmModel(ModelInfo info, Normalization normalization, ModelWeights weights, IReadOnlyDictionary<string, JsonElement>? metrics = null)
    {
        CheckDepth(info.RecursionCycles, info.LatentSteps);
        CheckFeatureSet(info.FeatureSet);
        Info = info;
        Normalization = normalization;
        Weights = weights;
        Metrics = metrics ?? new Dictionary<string, JsonElement>();
    }

    /// <summary>Name, version, sizes, feature set, training range.</summary>
    public ModelInfo Info { get; }

    /// <summary>Mean and std of the ten features.</summary>
    public Normalization Normalization { get; }

    /// <summary>The training metrics of a package, as its <c>model.json</c> has them; empty for a checkpoint.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metrics { get; }

    internal ModelWeights Weights { get; }

    /// <summary>Normalised inputs of the package's golden cases; none for a checkpoint.</summary>
    internal IReadOnlyList<IReadOnlyList<double>> GoldenInputs { get; init; } = [];

    /// <summary>Loads a model package or a checkpoint.</summary>
    /// <param name="path">
    /// A package's folder; what <c>torch.save</c> wrote (<c>.pt</c>, <c>.pth</c>, <c>.pkl</c>); a <c>.safetensors</c> file; or an
    /// <c>.onnx</c> graph whose initialisers have the names of the state dict.
    /// </param>
    /// <param name="normalizationPath">For a checkpoint, see <see cref="ModelLoadOptions.NormalizationPath"/>.</param>
    /// <exception cref="ModelNotFoundException">The model or a file of it is not there.</exception>
    /// <exception cref="ModelFormatException">It is corrupt, hostile, or made for another service.</exception>
    public static TrmModel Load(string path, string? normalizationPath = null) =>
        Load(path, new ModelLoadOptions { NormalizationPath = normalizationPath });

    /// <inheritdoc cref="Load(string, string?)"/>
    /// <param name="path">A package's folder or a checkpoint.</param>
    /// <param name="options">What a checkpoint does not say of itself.</param>
    public static TrmModel Load(string path, ModelLoadOptions options)
    {
        try
        {
            if (Directory.Exists(path)) return PackageReader.Read(path, options);
            if (File.Exists(path)) return LoadCheckpoint(path, options);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}", e);
        }
        throw new ModelNotFoundException($"{path}: there is no model package folder or checkpoint file; check the path");
    }

    private static TrmModel LoadCheckpoint(string path, ModelLoadOptions options)
    {
        var (weights, said) = Checkpoint.Read(path);
        var file = options.NormalizationPath is null && said.Normalization is not null
            ? null
            : ModelFile.ReadJson<NormalizationFile>(options.NormalizationPath ?? NormalizationFile.Beside(path));
        var normalization = file is null ? said.Normalization! : Normalization.Create(file.Mean, file.Std, file.FeatureNames);
        var name = Path.GetFileNameWithoutExtension(path);
        var cycles = options.RecursionCycles ?? said.RecursionCycles ?? file?.RecursionCycles ?? DefaultRecursionCycles;
        var steps = options.LatentSteps ?? said.LatentSteps ?? file?.LatentSteps ?? DefaultLatentSteps;
        var featureSet = options.FeatureSet ?? said.FeatureSet ?? FeatureSets.LegacyV1;
        return new TrmModel(
            new ModelInfo
            {
                Name = name,
                Version = $"{name}@{Fingerprint(weights, normalization, cycles, steps, featureSet)}",
                FeatureSet = featureSet,
                HiddenSize = weights.Hidden,
                RecursionCycles = cycles,
                LatentSteps = steps,
                Parameters = weights.Parameters,
            },
            normalization,
            weights);
    }

    // Of everything that decides a prediction, so that two predictions of one version came from one function.
    internal static string Fingerprint(ModelWeights weights, Normalization normalization, int cycles, int steps, string featureSet)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        weights.AppendTo(hash);
        hash.AppendData(MemoryMarshal.AsBytes<double>(normalization.Mean.ToArray()));
        hash.AppendData(MemoryMarshal.AsBytes<double>(normalization.Std.ToArray()));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cycles} {steps} {featureSet}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static void CheckDepth(int cycles, int steps)
    {
        if (cycles < 1) throw new ModelFormatException($"recursion_cycles is {cycles}; it must be 1 or more");
        if (steps < 0) throw new ModelFormatException($"latent_steps is {steps}; it must be 0 or more");
        if ((long)cycles * (steps + 1L) > MaxSteps) throw new ModelFormatException($"{cycles} cycles of {steps} steps are more than {MaxSteps} steps");
    }

    private static void CheckFeatureSet(string featureSet)
    {
        if (!FeatureSets.All.Contains(featureSet))
            throw new ModelFormatException($"feature set '{ModelFormatException.Printable(featureSet)}' is not known; use one of {string.Join(", ", FeatureSets.All)}");
    }
}
