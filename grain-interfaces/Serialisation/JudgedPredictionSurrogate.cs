using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="JudgedPrediction"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.judged-prediction")]
internal struct JudgedPredictionSurrogate
{
    [Id(0)] public Guid Epoch;
    [Id(1)] public long Sequence;
    [Id(2)] public string ModelVersion;
    [Id(3)] public float[] Probabilities;
    [Id(4)] public SessionOutcome Outcome;
}

[RegisterConverter]
internal sealed class JudgedPredictionConverter : IConverter<JudgedPrediction, JudgedPredictionSurrogate>
{
    public JudgedPrediction ConvertFromSurrogate(in JudgedPredictionSurrogate surrogate) =>
        new(surrogate.Epoch, surrogate.Sequence, surrogate.ModelVersion, surrogate.Probabilities, surrogate.Outcome);

    public JudgedPredictionSurrogate ConvertToSurrogate(in JudgedPrediction value) => new()
    {
        Epoch = value.Epoch,
        Sequence = value.Sequence,
        ModelVersion = value.ModelVersion,
        Probabilities = [.. value.Probabilities],
        Outcome = value.Outcome,
    };
}
