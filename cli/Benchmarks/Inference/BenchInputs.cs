using System.Globalization;
using System.Runtime.InteropServices;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// The normalised features that everyone predicts. A few different rows over and over, so that every row of a large batch
/// is held against the reference; their number is prime, so that an engine that works in pieces meets them shifted.
/// </summary>
internal sealed class BenchInputs : IDisposable
{
    /// <summary>Eight probabilities, then the halt probability.</summary>
    public const int AnswerWidth = Strategy.Count + 1;

    /// <summary>Different rows.</summary>
    public const int Different = 61;

    private const int Seed = 20260101;

    private readonly float[] values;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("trm-bench-");

    public BenchInputs(int largestBatch)
    {
        // Not for secrets, and the seed makes it the same on every run.
#pragma warning disable CA5394
        var random = new Random(Seed);
        var rows = Enumerable.Range(0, Different * FeatureNames.Count)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))
            .ToArray();
#pragma warning restore CA5394
        values = [.. Enumerable.Range(0, largestBatch * FeatureNames.Count).Select(i => rows[i % rows.Length])];
    }

    /// <summary>A folder that lasts as long as this does.</summary>
    public string Folder => folder.FullName;

    /// <summary>The first rows: batch × 10.</summary>
    public ReadOnlyMemory<float> Rows(int batch) => values.AsMemory(0, batch * FeatureNames.Count);

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => values.AsSpan(row * FeatureNames.Count, FeatureNames.Count);

    /// <summary>The first rows as a file of little-endian floats, for peers.</summary>
    public string FileOf(int batch)
    {
        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"inputs-{batch}.f32"));
        if (!File.Exists(path)) File.WriteAllBytes(path, MemoryMarshal.AsBytes(Rows(batch).Span));
        return path;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
