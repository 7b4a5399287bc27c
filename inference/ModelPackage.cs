using Trm.Core.Features;
using Trm.Inference.Packages;

namespace Trm.Inference;

/// <summary>Checks and writes model packages.</summary>
public static class ModelPackage
{
    /// <summary>Loads a model and runs all its golden cases.</summary>
    /// <param name="path">A package's folder, or a checkpoint.</param>
    /// <param name="options">What a checkpoint does not say of itself.</param>
    /// <param name="goldenPath">
    /// The golden file; null is <c>golden.json</c> of the package, or <c>NAME.golden.json</c> beside the checkpoint.
    /// </param>
    /// <exception cref="ModelNotFoundException">The model or its golden file is not there.</exception>
    /// <exception cref="ModelFormatException">One of them is corrupt, or the cases were made with another model.</exception>
    public static ModelVerification Verify(string path, ModelLoadOptions? options = null, string? goldenPath = null)
    {
        var model = TrmModel.Load(path, options ?? new ModelLoadOptions());
        return Verify(model, goldenPath ?? GoldenPath(path));
    }

    /// <summary>Where a model's golden file is, if it has one.</summary>
    /// <param name="path">A package's folder, or a checkpoint.</param>
    public static string GoldenPath(string path) =>
        Directory.Exists(path) ? Path.Combine(path, GoldenFile.FileName) : Path.ChangeExtension(path, ".golden.json");

    /// <summary>Runs a golden file against a loaded model.</summary>
    /// <exception cref="ModelNotFoundException">The golden file is not there.</exception>
    /// <exception cref="ModelFormatException">It is corrupt, or its cases were made with another model.</exception>
    public static ModelVerification Verify(TrmModel model, string goldenPath)
    {
        var golden = Golden(model, goldenPath);
        var outputs = new ManagedPredictor(model).PredictBatch([.. golden.Cases.Select(c => FeatureVector.From([.. c.Raw]))]);
        double normalized = 0, probability = 0, halt = 0;
        foreach (var (expected, actual) in golden.Cases.Zip(outputs))
        {
            normalized = Math.Max(normalized, Difference(expected.Normalized, [.. actual.Normalized.AsSpan()]));
            probability = Math.Max(probability, Difference(expected.Probabilities, [.. actual.Probabilities]));
            halt = Math.Max(halt, Math.Abs(expected.HaltProbability - actual.HaltProbability));
        }
        return new ModelVerification(model.Info, golden.Cases.Count, normalized, probability, halt);
    }

    /// <summary>Writes a loaded model as a package: how a checkpoint is imported.</summary>
    /// <param name="folder">A new or empty folder.</param>
    /// <param name="model">The model.</param>
    /// <param name="description">What the package says beyond its weights.</param>
    /// <exception cref="ModelFormatException">The folder is not empty, or the model does not agree with the golden file.</exception>
    public static void Write(string folder, TrmModel model, PackageDescription? description = null)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new ModelFormatException($"{folder}: there is something already; give a new or empty folder");
        PackageWriter.Write(folder, model, description ?? new PackageDescription());
    }

    private static GoldenFile Golden(TrmModel model, string path)
    {
        try
        {
            var golden = ModelFile.ReadJson<GoldenFile>(path);
            golden.CheckAgainst(model.Info);
            return golden;
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}", e);
        }
    }

    private static double Difference(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();

    private static double Difference(IReadOnlyList<double> expected, IReadOnlyList<float> actual) =>
        expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
}
