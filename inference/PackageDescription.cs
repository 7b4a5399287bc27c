using System.Text.Json;

namespace Trm.Inference;

/// <summary>What a new model package says beyond its weights.</summary>
public sealed record PackageDescription
{
    /// <summary>Name of the package; the model's own when null.</summary>
    public string? Name { get; init; }

    /// <summary>Version of the package; the name when null. The weights' hash is added when it is loaded.</summary>
    public string? Version { get; init; }

    /// <summary>First training session, when known; the model's own when null.</summary>
    public DateOnly? FirstSession { get; init; }

    /// <summary>Last training session, when known; the model's own when null.</summary>
    public DateOnly? LastSession { get; init; }

    /// <summary>Training metrics by name, when known; the model's own when null.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metrics { get; init; }

    /// <summary>
    /// A golden file of the reference implementation. The model must agree with it, and it becomes the package's. Null
    /// computes cases with the managed engine: they show later that an engine still answers as it did, not that it
    /// agrees with the training code.
    /// </summary>
    public string? GoldenPath { get; init; }

    /// <summary>The model card, Markdown; a short one is written when null.</summary>
    public string? Readme { get; init; }
}
