namespace Trm.Inference;

/// <summary>The JSON beside a checkpoint.</summary>
internal sealed record NormalizationFile
{
    public required IReadOnlyList<double> Mean { get; init; }
    public required IReadOnlyList<double> Std { get; init; }
    public IReadOnlyList<string>? FeatureNames { get; init; }
    public int? RecursionCycles { get; init; }
    public int? LatentSteps { get; init; }

    /// <summary>The file that belongs to a checkpoint, when nobody says which.</summary>
    /// <exception cref="ModelNotFoundException">None, or no telling which.</exception>
    public static string Beside(string checkpoint)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        var name = Path.GetFileNameWithoutExtension(checkpoint);
        var usual = new[] { $"{name}.normalization.json", $"{name}-normalization.json", "normalization.json" }
            .Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (usual is not null) return usual;

        var others = Directory.GetFiles(folder, "*normalization*.json");
        return others.Length switch
        {
            1 => others[0],
            0 => throw new ModelNotFoundException($"{checkpoint}: there is no normalisation beside it; give the JSON with mean, std and feature_names (--normalization FILE) or put {name}.normalization.json beside it"),
            _ => throw new ModelNotFoundException($"{checkpoint}: {others.Length} normalisation files are beside it; say which (--normalization FILE)"),
        };
    }
}
