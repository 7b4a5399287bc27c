using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="PredictionError"/> between processes. Its cause is for the log of where it happened, and stays there.</summary>
[GenerateSerializer]
[Alias("trm.prediction-error")]
internal struct PredictionErrorSurrogate
{
    [Id(0)] public string Market;
    [Id(1)] public string Code;
    [Id(2)] public string Message;
    [Id(3)] public DateTimeOffset Timestamp;
}

[RegisterConverter]
internal sealed class PredictionErrorConverter : IConverter<PredictionError, PredictionErrorSurrogate>
{
    public PredictionError ConvertFromSurrogate(in PredictionErrorSurrogate surrogate) =>
        new(surrogate.Market, surrogate.Code, surrogate.Message, surrogate.Timestamp);

    public PredictionErrorSurrogate ConvertToSurrogate(in PredictionError value) =>
        new() { Market = value.Market, Code = value.Code, Message = value.Message, Timestamp = value.Timestamp };
}
