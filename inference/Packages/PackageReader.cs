using System.Security.Cryptography;
using System.Text.Json;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Weights;

namespace Trm.Inference.Packages;

/// <summary>Loads a model package: every claim of <c>model.json</c> is checked against this service and the weights.</summary>
internal static class PackageReader
{
    public static TrmModel Read(string folder, ModelLoadOptions options)
    {
        if (options != new ModelLoadOptions())
            throw new ModelFormatException("a model package says its own normalisation, cycles, steps and feature set; leave the options for bare checkpoints out");

        var manifest = ReadManifest(folder);
        CheckArchitecture(manifest.Architecture);
        Normalization.CheckNames(manifest.FeatureNames);
        CheckStrategies(manifest.Strategies);
        var normalization = Normalization.Create(manifest.Normalization.Mean, manifest.Normalization.Std, manifest.FeatureNames);
        var weights = ReadWeights(folder, manifest);
        var (cycles, steps) = (manifest.Architecture.RecursionCycles, manifest.Architecture.LatentSteps);
        return new TrmModel(
            new ModelInfo
            {
                Name = manifest.Name,
                Version = $"{manifest.Version}+{TrmModel.Fingerprint(weights, normalization, cycles, steps, manifest.FeatureSet)[..8]}",
                FeatureSet = manifest.FeatureSet,
                HiddenSize = weights.Hidden,
                RecursionCycles = cycles,
                LatentSteps = steps,
                Parameters = weights.Parameters,
                TrainedFrom = manifest.Training?.FirstSession,
                TrainedTo = manifest.Training?.LastSession,
                Labels = TrainingFacts.Labels(manifest.Labels),
                Calibration = TrainingFacts.Calibration(manifest.Calibration),
                FeatureDistribution = TrainingFacts.Distribution(manifest.FeatureDistribution),
            },
            normalization,
            weights,
            manifest.Training?.Metrics)
        {
            GoldenInputs = ReadGoldenInputs(folder),
        };
    }

    // A package without golden cases can be run; it just cannot be verified.
    private static IReadOnlyList<IReadOnlyList<double>> ReadGoldenInputs(string folder)
    {
        var path = Path.Combine(folder, GoldenFile.FileName);
        if (!File.Exists(path)) return [];
        var inputs = ModelFile.ReadJson<GoldenFile>(path).Cases.Select(c => c.Normalized).ToArray();
        return Array.Find(inputs, row => row.Count != FeatureNames.Count) is { } wrong
            ? throw new ModelFormatException($"{GoldenFile.FileName} has a case of {wrong.Count} normalised features; there must be {FeatureNames.Count}")
            : inputs;
    }

    private static PackageManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, PackageManifest.FileName);
        // The version first: a later format may lack or rename anything else.
        var document = ModelFile.ReadJson<JsonElement>(path);
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("format_version", out var version))
            throw new ModelFormatException($"{PackageManifest.FileName} has no format_version; it must be {PackageManifest.CurrentFormat}");
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != PackageManifest.CurrentFormat)
            throw new ModelFormatException($"{PackageManifest.FileName} has format_version {version.GetRawText()}; this version reads {PackageManifest.CurrentFormat}");
        return ModelFile.ReadJson<PackageManifest>(path);
    }

    private static void CheckArchitecture(PackageManifest.ArchitectureSection architecture)
    {
        if (architecture.Type != PackageManifest.ArchitectureSection.Trm)
            throw new ModelFormatException($"architecture '{ModelFormatException.Printable(architecture.Type)}' is not known; it must be '{PackageManifest.ArchitectureSection.Trm}'");
        if (architecture.Features != FeatureNames.Count)
            throw new ModelFormatException($"the model takes {architecture.Features} features; this service gives {FeatureNames.Count}: {string.Join(", ", FeatureNames.All)}");
        if (architecture.Strategies != Strategy.Count)
            throw new ModelFormatException($"the model has {architecture.Strategies} strategies; this service knows {Strategy.Count}");
    }

    private static void CheckStrategies(IReadOnlyList<string> strategies)
    {
        if (strategies.Count != Strategy.Count)
            throw new ModelFormatException($"{strategies.Count} strategy names; there must be {Strategy.Count}: {string.Join(", ", Strategy.All.Select(s => s.Name))}");
        foreach (var strategy in Strategy.All)
        {
            if (strategies[strategy.Id] != strategy.Name)
                throw new ModelFormatException($"strategy {strategy.Id} is '{ModelFormatException.Printable(strategies[strategy.Id] ?? "null")}'; it must be '{strategy.Name}'");
        }
    }

    private static ModelWeights ReadWeights(string folder, PackageManifest manifest)
    {
        var section = manifest.Weights;
        if (section.File != Path.GetFileName(section.File) || section.File is "" or "." or "..")
            throw new ModelFormatException($"weights.file '{ModelFormatException.Printable(section.File)}' must be the name of a file in the package");
        var bytes = ModelFile.ReadBytes(Path.Combine(folder, section.File));
        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!actual.Equals(section.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new ModelFormatException($"{section.File} is corrupt: its SHA-256 is {actual}, {PackageManifest.FileName} says {ModelFormatException.Printable(section.Sha256)}; copy the package again");
        var weights = ModelWeights.Load(Safetensors.Read(bytes));
        if (weights.Hidden != manifest.Architecture.Hidden)
            throw new ModelFormatException($"{section.File} has hidden size {weights.Hidden}; {PackageManifest.FileName} says {manifest.Architecture.Hidden}");
        return weights;
    }
}
