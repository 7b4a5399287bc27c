using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="ModelInfo"/> between processes: it comes with every prediction, so how the model was trained stays where the engine is.</summary>
[GenerateSerializer]
[Alias("trm.model-info")]
internal struct ModelInfoSurrogate
{
    [Id(0)] public string Name;
    [Id(1)] public string Version;
    [Id(2)] public string FeatureSet;
    [Id(3)] public int HiddenSize;
    [Id(4)] public int RecursionCycles;
    [Id(5)] public int LatentSteps;
    [Id(6)] public long Parameters;
    [Id(7)] public DateOnly? TrainedFrom;
    [Id(8)] public DateOnly? TrainedTo;
}

[RegisterConverter]
internal sealed class ModelInfoConverter : IConverter<ModelInfo, ModelInfoSurrogate>
{
    public ModelInfo ConvertFromSurrogate(in ModelInfoSurrogate surrogate) => new()
    {
        Name = surrogate.Name,
        Version = surrogate.Version,
        FeatureSet = surrogate.FeatureSet,
        HiddenSize = surrogate.HiddenSize,
        RecursionCycles = surrogate.RecursionCycles,
        LatentSteps = surrogate.LatentSteps,
        Parameters = surrogate.Parameters,
        TrainedFrom = surrogate.TrainedFrom,
        TrainedTo = surrogate.TrainedTo,
    };

    public ModelInfoSurrogate ConvertToSurrogate(in ModelInfo value) => new()
    {
        Name = value.Name,
        Version = value.Version,
        FeatureSet = value.FeatureSet,
        HiddenSize = value.HiddenSize,
        RecursionCycles = value.RecursionCycles,
        LatentSteps = value.LatentSteps,
        Parameters = value.Parameters,
        TrainedFrom = value.TrainedFrom,
        TrainedTo = value.TrainedTo,
    };
}
