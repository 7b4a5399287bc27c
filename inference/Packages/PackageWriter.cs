using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Packages;

/// <summary>Writes a model package, <c>model.json</c> last: a folder without it is not yet a package.</summary>
internal static class PackageWriter
{
    private const int ComputedCases = 32;

    public static void Write(string folder, TrmModel model, PackageDescription description)
    {
        var golden = description.GoldenPath is { } path ? Verified(model, path) : Computed(model);
        var weights = Safetensors.Write(model.Weights);
        var manifest = Manifest(model, description, Convert.ToHexStringLower(SHA256.HashData(weights)));

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, PackageManifest.WeightsSection.FileName), weights);
        File.WriteAllBytes(Path.Combine(folder, GoldenFile.FileName), golden);
        File.WriteAllText(Path.Combine(folder, "README.md"), description.Readme ?? Card(manifest));
        File.WriteAllBytes(Path.Combine(folder, PackageManifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, ModelFile.Json));
    }

    private static PackageManifest Manifest(TrmModel model, PackageDescription description, string sha256)
    {
        var name = description.Name ?? model.Info.Name;
        return new PackageManifest
        {
            FormatVersion = PackageManifest.CurrentFormat,
            Name = name,
            Version = description.Version ?? name,
            Architecture = new()
            {
                Type = PackageManifest.ArchitectureSection.Trm,
                Features = FeatureNames.Count,
                Hidden = model.Info.HiddenSize,
                RecursionCycles = model.Info.RecursionCycles,
                LatentSteps = model.Info.LatentSteps,
                Strategies = Strategy.Count,
            },
            FeatureSet = model.Info.FeatureSet,
            FeatureNames = FeatureNames.All,
            Normalization = new(model.Normalization.Mean, model.Normalization.Std),
            Strategies = [.. Strategy.All.Select(strategy => strategy.Name)],
            Training = new()
            {
                FirstSession = description.FirstSession ?? model.Info.TrainedFrom,
                LastSession = description.LastSession ?? model.Info.TrainedTo,
                Metrics = description.Metrics ?? model.Metrics,
            },
            Labels = model.Info.Labels is not { } labels ? null : new()
            {
                Rule = labels.Name,
                HorizonSessions = labels.HorizonSessions,
                TotalRisk = labels.TotalRisk,
                ActiveRisk = labels.ActiveRisk,
                Temperature = labels.Temperature,
            },
            Calibration = model.Info.Calibration is not { } calibration ? null : new()
            {
                Method = calibration.Method,
                Temperature = calibration.Temperature,
                FittedFrom = calibration.FittedFrom,
                FittedTo = calibration.FittedTo,
                Folded = true,
            },
            FeatureDistribution = model.Info.FeatureDistribution,
            Weights = new() { File = PackageManifest.WeightsSection.FileName, Sha256 = sha256 },
        };
    }

    private static byte[] Verified(TrmModel model, string path)
    {
        var result = ModelPackage.Verify(model, path);
        if (!result.Passed)
        {
            throw new ModelFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: the model does not agree with its golden cases: probabilities differ by up to {result.ProbabilityDifference:g3}, halt by {result.HaltDifference:g3}, normalised features by {result.NormalizedDifference:g3}; at most {ModelVerification.Tolerance:g3} is allowed. Check the cycles, the latent steps and the normalisation"));
        }
        return ModelFile.ReadBytes(path);
    }

    // Seeded, so that writing a model twice gives the same bytes.
    private static byte[] Computed(TrmModel model)
    {
        var random = new Random(1);
        var inputs = Enumerable.Range(0, ComputedCases).Select(_ => Input(model.Normalization, random)).ToList();
        var outputs = new ManagedPredictor(model).PredictBatch(inputs);
        var golden = new GoldenFile
        {
            HiddenDim = model.Info.HiddenSize,
            RecursionCycles = model.Info.RecursionCycles,
            LatentSteps = model.Info.LatentSteps,
            Note = "outputs of the managed engine when the package was written, on made-up inputs; not of the training code",
            Cases =
            [
                .. inputs.Zip(outputs, (input, output) => new GoldenFile.Case
                {
                    Raw = [.. input.AsSpan()],
                    Normalized = [.. output.Normalized.AsSpan()],
                    Probabilities = [.. output.Probabilities.Select(p => (double)p)],
                    HaltProbability = output.HaltProbability,
                }),
            ],
        };
        return JsonSerializer.SerializeToUtf8Bytes(golden, ModelFile.Json);
    }

    // Within three standard deviations of each feature's mean: what the model may meet.
    private static FeatureVector Input(Normalization normalization, Random random) =>
        FeatureVector.From([.. normalization.Mean.Zip(normalization.Std, (mean, std) => mean + std * (6 * random.NextDouble() - 3))]);

    private static string Card(PackageManifest manifest) => string.Create(CultureInfo.InvariantCulture, $"""
        # {manifest.Name}

        A Tiny Recursive Model: {manifest.Architecture.Features} features in, {manifest.Architecture.Strategies} strategies out.

        - Version: {manifest.Version}
        - Hidden size {manifest.Architecture.Hidden}, {manifest.Architecture.RecursionCycles} cycles of {manifest.Architecture.LatentSteps} latent steps
        - Feature set: {manifest.FeatureSet}
        - Training sessions: {Date(manifest.Training?.FirstSession)} to {Date(manifest.Training?.LastSession)}

        Imported; nothing more is known of its training or its quality.

        """);

    private static string Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown";
}
