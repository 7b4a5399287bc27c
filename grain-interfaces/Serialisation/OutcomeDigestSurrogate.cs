using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="OutcomeDigest"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.outcome-digest")]
internal struct OutcomeDigestSurrogate
{
    [Id(0)] public string ModelVersion;
    [Id(1)] public int Sessions;
    [Id(2)] public double HitRate;
    [Id(3)] public double Top3Rate;
    [Id(4)] public double CalibrationError;
    [Id(5)] public double RealisedUtility;
}

[RegisterConverter]
internal sealed class OutcomeDigestConverter : IConverter<OutcomeDigest, OutcomeDigestSurrogate>
{
    public OutcomeDigest ConvertFromSurrogate(in OutcomeDigestSurrogate surrogate) => new(
        surrogate.ModelVersion, surrogate.Sessions, surrogate.HitRate, surrogate.Top3Rate, surrogate.CalibrationError, surrogate.RealisedUtility);

    public OutcomeDigestSurrogate ConvertToSurrogate(in OutcomeDigest value) => new()
    {
        ModelVersion = value.ModelVersion,
        Sessions = value.Sessions,
        HitRate = value.HitRate,
        Top3Rate = value.Top3Rate,
        CalibrationError = value.CalibrationError,
        RealisedUtility = value.RealisedUtility,
    };
}
