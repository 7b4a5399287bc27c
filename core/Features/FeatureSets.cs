using Trm.Core.Markets;

namespace Trm.Core.Features;

/// <summary>The named, versioned recipes of the ten features.</summary>
public static class FeatureSets
{
    /// <summary>What checkpoints of the original system were trained on, kept for parity.</summary>
    public const string LegacyV1 = "legacy-v1";

    /// <summary>The default: no look-ahead, no silent fill.</summary>
    public const string CausalV2 = "causal-v2";

    /// <summary>Every recipe's id.</summary>
    public static IReadOnlyList<string> All { get; } = [CausalV2, LegacyV1];

    /// <summary>A fresh extractor of a recipe for a market.</summary>
    /// <exception cref="UnknownFeatureSetException">No recipe has that id.</exception>
    public static IFeatureExtractor Create(string featureSet, Market market) => featureSet switch
    {
        CausalV2 => new CausalV2Extractor(market),
        LegacyV1 => new LegacyV1Extractor(market),
        _ => throw new UnknownFeatureSetException(featureSet),
    };
}

/// <summary>A feature set that this version does not have.</summary>
/// <param name="featureSet">The id asked for.</param>
public sealed class UnknownFeatureSetException(string featureSet) : TrmException(
    "unknown_feature_set", $"feature set '{featureSet}' is not known; use one of {string.Join(", ", FeatureSets.All)}");
