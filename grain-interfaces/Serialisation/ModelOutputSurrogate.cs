using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="ModelOutput"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.model-output")]
internal struct ModelOutputSurrogate
{
    [Id(0)] public FeatureVector Normalized;
    [Id(1)] public float[] Probabilities;
    [Id(2)] public float HaltProbability;
    [Id(3)] public ModelInfo Model;
}

[RegisterConverter]
internal sealed class ModelOutputConverter : IConverter<ModelOutput, ModelOutputSurrogate>
{
    public ModelOutput ConvertFromSurrogate(in ModelOutputSurrogate surrogate) =>
        new(surrogate.Normalized, surrogate.Probabilities, surrogate.HaltProbability, surrogate.Model);

    public ModelOutputSurrogate ConvertToSurrogate(in ModelOutput value) => new()
    {
        Normalized = value.Normalized,
        Probabilities = [.. value.Probabilities],
        HaltProbability = value.HaltProbability,
        Model = value.Model,
    };
}
