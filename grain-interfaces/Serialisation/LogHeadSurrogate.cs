using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="LogHead"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.log-head")]
internal struct LogHeadSurrogate
{
    [Id(0)] public Guid Epoch;
    [Id(1)] public Prediction? Latest;
}

[RegisterConverter]
internal sealed class LogHeadConverter : IConverter<LogHead, LogHeadSurrogate>
{
    public LogHead ConvertFromSurrogate(in LogHeadSurrogate surrogate) => new(surrogate.Epoch, surrogate.Latest);

    public LogHeadSurrogate ConvertToSurrogate(in LogHead value) => new() { Epoch = value.Epoch, Latest = value.Latest };
}
