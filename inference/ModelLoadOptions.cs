using Trm.Core.Features;

namespace Trm.Inference;

/// <summary>
/// What a checkpoint does not say of itself. A model package says all of it, so options with values are refused
/// beside one.
/// </summary>
public sealed record ModelLoadOptions
{
    /// <summary>
    /// The JSON <c>{mean, std, feature_names}</c>; may also carry <c>recursion_cycles</c> and <c>latent_steps</c>. Null
    /// takes what the checkpoint says (files that this program exported do), else looks beside the checkpoint for <c>NAME.normalization.json</c>, <c>NAME-normalization.json</c>,
    /// <c>normalization.json</c>, or the only file with <c>normalization</c> in its name.
    /// </summary>
    public string? NormalizationPath { get; init; }

    /// <summary>Cycles T; null takes the checkpoint's <c>hyperparameters</c> or metadata, then the normalisation file, then 3.</summary>
    public int? RecursionCycles { get; init; }

    /// <summary>Latent steps n; null takes the checkpoint's <c>hyperparameters</c> or metadata, then the normalisation file, then 6.</summary>
    public int? LatentSteps { get; init; }

    /// <summary>The recipe it was trained on; null takes the checkpoint's metadata, then <see cref="FeatureSets.LegacyV1"/>, which all old checkpoints used.</summary>
    public string? FeatureSet { get; init; }
}
