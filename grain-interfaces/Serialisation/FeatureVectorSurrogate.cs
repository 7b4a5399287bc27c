using Trm.Core.Features;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="FeatureVector"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.feature-vector")]
internal struct FeatureVectorSurrogate
{
    [Id(0)] public double[] Values;
}

[RegisterConverter]
internal sealed class FeatureVectorConverter : IConverter<FeatureVector, FeatureVectorSurrogate>
{
    public FeatureVector ConvertFromSurrogate(in FeatureVectorSurrogate surrogate) => FeatureVector.From(surrogate.Values);

    public FeatureVectorSurrogate ConvertToSurrogate(in FeatureVector value) => new() { Values = value.AsSpan().ToArray() };
}
