using System.Globalization;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference.Export;

/// <summary>
/// What an exported file says beside its weights, as text by key: all that a program needs to use them without this
/// one, and that this one needs to take them back. A part that the file lacks is null.
/// </summary>
/// <param name="Normalization">The z-scores of training.</param>
/// <param name="RecursionCycles">Cycles T.</param>
/// <param name="LatentSteps">Latent steps n.</param>
/// <param name="FeatureSet">The recipe of the features.</param>
internal sealed record ModelMetadata(Normalization? Normalization, int? RecursionCycles, int? LatentSteps, string? FeatureSet)
{
    private const string NamesKey = "trm.feature_names";
    private const string MeanKey = "trm.normalization_mean";
    private const string StdKey = "trm.normalization_std";
    private const string CyclesKey = "trm.recursion_cycles";
    private const string StepsKey = "trm.latent_steps";
    private const string FeatureSetKey = "trm.feature_set";

    /// <summary>What a model says, in the order it is written.</summary>
    public static IEnumerable<(string Key, string Value)> Of(TrmModel model) =>
    [
        ("trm.name", model.Info.Name),
        ("trm.model_version", model.Info.Version),
        (FeatureSetKey, model.Info.FeatureSet),
        (NamesKey, string.Join(',', FeatureNames.All)),
        (MeanKey, Numbers(model.Normalization.Mean)),
        (StdKey, Numbers(model.Normalization.Std)),
        ("trm.strategies", string.Join(',', Strategy.All.Select(strategy => strategy.Name))),
        (CyclesKey, model.Info.RecursionCycles.ToString(CultureInfo.InvariantCulture)),
        (StepsKey, model.Info.LatentSteps.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <exception cref="ModelFormatException">Names the key whose text is not what it must be.</exception>
    public static ModelMetadata Read(IReadOnlyDictionary<string, string> texts) => new(
        texts.ContainsKey(MeanKey) || texts.ContainsKey(StdKey)
            ? Normalization.Create(Numbers(texts, MeanKey), Numbers(texts, StdKey), texts.GetValueOrDefault(NamesKey)?.Split(','))
            : null,
        Whole(texts, CyclesKey),
        Whole(texts, StepsKey),
        texts.GetValueOrDefault(FeatureSetKey));

    private static string Numbers(IEnumerable<double> values) => string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static double[] Numbers(IReadOnlyDictionary<string, string> texts, string key)
    {
        var text = texts.GetValueOrDefault(key) ?? throw new ModelFormatException($"metadata {key} is missing; mean and std go together");
        return [.. text.Split(',').Select(word => double.TryParse(word, CultureInfo.InvariantCulture, out var value) ? value : throw Bad(key, word, "a number"))];
    }

    private static int? Whole(IReadOnlyDictionary<string, string> texts, string key) =>
        texts.GetValueOrDefault(key) is not { } text ? null
        : int.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw Bad(key, text, "a whole number");

    private static ModelFormatException Bad(string key, string text, string must) =>
        new($"metadata {key} has '{ModelFormatException.Printable(text)}'; it must be {must}");
}
