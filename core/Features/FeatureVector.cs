using System.Globalization;

namespace Trm.Core.Features;

/// <summary>Ten finite numbers in the order of <see cref="FeatureNames"/>; immutable.</summary>
public sealed class FeatureVector : IEquatable<FeatureVector>
{
    private readonly double[] values;

    private FeatureVector(double[] values) => this.values = values;

    /// <summary>The value at a position of <see cref="FeatureNames"/>.</summary>
    public double this[int index] => values[index];

    /// <summary>The ten values.</summary>
    public ReadOnlySpan<double> AsSpan() => values;

    /// <summary>Copies ten values.</summary>
    /// <exception cref="InvalidFeaturesException">Not ten, or one is NaN or infinite.</exception>
    public static FeatureVector From(ReadOnlySpan<double> values)
    {
        if (values.Length != FeatureNames.Count)
            throw new InvalidFeaturesException($"{values.Length} features given, {FeatureNames.Count} needed: {string.Join(", ", FeatureNames.All)}");
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new InvalidFeaturesException($"feature {FeatureNames.All[i]} is {values[i].ToString(CultureInfo.InvariantCulture)}; it must be a finite number");
        }
        return new FeatureVector(values.ToArray());
    }

    /// <summary>A copy with one value replaced.</summary>
    /// <exception cref="InvalidFeaturesException">The value is NaN or infinite.</exception>
    public FeatureVector With(int index, double value)
    {
        Span<double> copy = stackalloc double[FeatureNames.Count];
        values.CopyTo(copy);
        copy[index] = value;
        return From(copy);
    }

    /// <inheritdoc/>
    public bool Equals(FeatureVector? other) => other is not null && AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FeatureVector);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(values[0], values[1], values[4], values[8]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}

/// <summary>Features that a model must not see: a wrong count, NaN or infinity.</summary>
/// <param name="message">Names the feature and what is wrong with it.</param>
public sealed class InvalidFeaturesException(string message) : TrmException("invalid_features", message);
