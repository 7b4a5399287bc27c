using Trm.Core.Drift;
using Trm.Core.Outcomes;

namespace Trm.Core.Predictions;

/// <summary>What a loaded model says of itself.</summary>
public sealed record ModelInfo
{
    /// <summary>Name of the package or checkpoint.</summary>
    public required string Name { get; init; }

    /// <summary>In every prediction; changes whenever the weights or the normalisation do.</summary>
    public required string Version { get; init; }

    /// <summary>The recipe it was trained on; a snapshot of another one is refused.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>Width H of the hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Cycles T.</summary>
    public required int RecursionCycles { get; init; }

    /// <summary>Latent steps n in each cycle.</summary>
    public required int LatentSteps { get; init; }

    /// <summary>Trainable numbers in all.</summary>
    public required long Parameters { get; init; }

    /// <summary>Layers a prediction passes through: T·(n+1)·2.</summary>
    public int EffectiveDepth => DepthOf(RecursionCycles, LatentSteps);

    /// <summary>The reported depth of T cycles of n latent steps: T·(n+1)·2.</summary>
    public static int DepthOf(int recursionCycles, int latentSteps) => recursionCycles * (latentSteps + 1) * 2;

    /// <summary>First training session, when the package says so.</summary>
    public DateOnly? TrainedFrom { get; init; }

    /// <summary>Last training session, when the package says so.</summary>
    public DateOnly? TrainedTo { get; init; }

    /// <summary>The rule that its labels were made by, when the package says so. Known where its engine is.</summary>
    public OutcomeRule? Labels { get; init; }

    /// <summary>How its probabilities were calibrated, when the package says so. Known where its engine is.</summary>
    public ModelCalibration? Calibration { get; init; }

    /// <summary>How the features were spread over its training rows, by name, when the package says so. Known where its engine is.</summary>
    public IReadOnlyDictionary<string, FeatureBins>? FeatureDistribution { get; init; }
}
