using System.Globalization;
using Trm.Core.Features;

namespace Trm.Inference;

/// <summary>The z-scores of training: (x − mean) / (std + 1e-8) for each of the ten features.</summary>
public sealed class Normalization
{
    /// <summary>
    /// Added to every std by the training code. It must be added here too: without it a feature differs by 1e-8/std.
    /// </summary>
    private const double Epsilon = 1e-8;

    private readonly double[] mean;
    private readonly double[] std;

    private Normalization(double[] mean, double[] std)
    {
        this.mean = mean;
        this.std = std;
    }

    /// <summary>Mean of each feature over the training sessions, by position of <see cref="FeatureNames"/>.</summary>
    public IReadOnlyList<double> Mean => mean;

    /// <summary>Standard deviation of each feature, &gt; 0.</summary>
    public IReadOnlyList<double> Std => std;

    /// <summary>Checks and takes what a model file says.</summary>
    /// <param name="mean">Ten finite numbers.</param>
    /// <param name="std">Ten finite numbers &gt; 0.</param>
    /// <param name="featureNames">The names of <see cref="FeatureNames"/>, in that order; null when the file has none.</param>
    /// <exception cref="ModelFormatException">Names the feature and what is wrong.</exception>
    public static Normalization Create(IReadOnlyList<double> mean, IReadOnlyList<double> std, IReadOnlyList<string>? featureNames)
    {
        CheckNames(featureNames);
        CheckCount(mean.Count, "means");
        CheckCount(std.Count, "standard deviations");
        for (var i = 0; i < FeatureNames.Count; i++)
        {
            if (!double.IsFinite(mean[i])) throw new ModelFormatException($"normalisation: mean of {FeatureNames.All[i]} is {Text(mean[i])}; it must be a finite number");
            if (!(double.IsFinite(std[i]) && std[i] > 0)) throw new ModelFormatException($"normalisation: std of {FeatureNames.All[i]} is {Text(std[i])}; it must be a finite number above 0");
        }
        return new Normalization([.. mean], [.. std]);
    }

    /// <summary>
    /// The ten z-scores. Computed in double and rounded once to float, as the training code did; the result differs
    /// from it in no bit.
    /// </summary>
    /// <exception cref="InvalidFeaturesException">A z-score is beyond what a float holds.</exception>
    public void Apply(FeatureVector features, Span<float> normalized)
    {
        for (var i = 0; i < FeatureNames.Count; i++)
        {
            normalized[i] = (float)((features[i] - mean[i]) / (std[i] + Epsilon));
            if (!float.IsFinite(normalized[i]))
                throw new InvalidFeaturesException($"feature {FeatureNames.All[i]} is {Text(features[i])}; too far from its mean {Text(mean[i])} to be normalised");
        }
    }

    /// <summary>Refuses feature names that are not the ten of this service in their order.</summary>
    /// <exception cref="ModelFormatException">Names the first that differs.</exception>
    internal static void CheckNames(IReadOnlyList<string>? featureNames)
    {
        if (featureNames is null) return;
        CheckCount(featureNames.Count, "feature names");
        for (var i = 0; i < FeatureNames.Count; i++)
        {
            if (featureNames[i] != FeatureNames.All[i])
                throw new ModelFormatException($"feature {i} is '{ModelFormatException.Printable(featureNames[i] ?? "null")}'; it must be '{FeatureNames.All[i]}' (the order is {string.Join(", ", FeatureNames.All)})");
        }
    }

    private static void CheckCount(int count, string what)
    {
        if (count != FeatureNames.Count) throw new ModelFormatException($"normalisation: {count} {what}; there must be {FeatureNames.Count}");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
