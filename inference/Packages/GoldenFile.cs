using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Packages;

/// <summary>
/// <c>golden.json</c>: inputs, and what the reference implementation answered. A file may also say what model it was
/// made with; other fields are ignored.
/// </summary>
internal sealed record GoldenFile
{
    public const string FileName = "golden.json";

    public int? HiddenDim { get; init; }
    public int? RecursionCycles { get; init; }
    public int? LatentSteps { get; init; }
    public string? Note { get; init; }
    public required IReadOnlyList<Case> Cases { get; init; }

    /// <summary>Refuses cases that cannot be compared with a model at all.</summary>
    /// <exception cref="ModelFormatException">No cases, other sizes, or a case of the wrong length.</exception>
    public void CheckAgainst(ModelInfo model)
    {
        if (Cases.Count == 0) throw new ModelFormatException("the golden file has no cases; there must be at least one");
        CheckSame("hidden_dim", HiddenDim, model.HiddenSize);
        CheckSame("recursion_cycles", RecursionCycles, model.RecursionCycles);
        CheckSame("latent_steps", LatentSteps, model.LatentSteps);
        for (var i = 0; i < Cases.Count; i++)
        {
            var golden = Cases[i];
            if (golden.Raw.Count != FeatureNames.Count || golden.Normalized.Count != FeatureNames.Count || golden.Probabilities.Count != Strategy.Count)
                throw new ModelFormatException($"golden case {i} has {golden.Raw.Count} raw, {golden.Normalized.Count} normalized and {golden.Probabilities.Count} probabilities; there must be {FeatureNames.Count}, {FeatureNames.Count} and {Strategy.Count}");
        }
    }

    private static void CheckSame(string name, int? golden, int model)
    {
        if (golden is { } value && value != model)
            throw new ModelFormatException($"the golden cases were made with {name} {value}; the model has {model}");
    }

    internal sealed record Case
    {
        public required IReadOnlyList<double> Raw { get; init; }
        public required IReadOnlyList<double> Normalized { get; init; }
        public required IReadOnlyList<double> Probabilities { get; init; }
        public required double HaltProbability { get; init; }
    }
}
