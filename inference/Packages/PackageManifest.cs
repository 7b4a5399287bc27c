using System.Text.Json;
using System.Text.Json.Serialization;
using Trm.Core.Drift;

namespace Trm.Inference.Packages;

/// <summary><c>model.json</c>.</summary>
internal sealed record PackageManifest
{
    /// <summary>The only format there is so far.</summary>
    public const int CurrentFormat = 1;

    public const string FileName = "model.json";

    public required int FormatVersion { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required ArchitectureSection Architecture { get; init; }
    public required string FeatureSet { get; init; }
    public required IReadOnlyList<string> FeatureNames { get; init; }
    public required NormalizationSection Normalization { get; init; }
    public required IReadOnlyList<string> Strategies { get; init; }
    public TrainingSection? Training { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelsSection? Labels { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationSection? Calibration { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, FeatureBins>? FeatureDistribution { get; init; }

    public required WeightsSection Weights { get; init; }

    internal sealed record ArchitectureSection
    {
        public const string Trm = "trm";

        public required string Type { get; init; }
        public required int Features { get; init; }
        public required int Hidden { get; init; }
        public required int RecursionCycles { get; init; }
        public required int LatentSteps { get; init; }
        public required int Strategies { get; init; }
    }

    internal sealed record NormalizationSection(IReadOnlyList<double> Mean, IReadOnlyList<double> Std);

    internal sealed record TrainingSection
    {
        public DateOnly? FirstSession { get; init; }
        public DateOnly? LastSession { get; init; }
        public IReadOnlyDictionary<string, JsonElement>? Metrics { get; init; }
    }

    internal sealed record LabelsSection
    {
        public required string Rule { get; init; }
        public required int HorizonSessions { get; init; }
        public required double TotalRisk { get; init; }
        public required double ActiveRisk { get; init; }
        public required double Temperature { get; init; }
    }

    internal sealed record CalibrationSection
    {
        public required string Method { get; init; }
        public required double Temperature { get; init; }
        public DateOnly? FittedFrom { get; init; }
        public DateOnly? FittedTo { get; init; }
        public required bool Folded { get; init; }
    }

    internal sealed record WeightsSection
    {
        public const string FileName = "weights.safetensors";

        public required string File { get; init; }
        public required string Sha256 { get; init; }
    }
}
