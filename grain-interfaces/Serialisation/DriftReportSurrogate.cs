using Trm.Core.Drift;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="DriftReport"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.drift-report")]
internal struct DriftReportSurrogate
{
    [Id(0)] public int Sessions;
    [Id(1)] public Dictionary<string, double> Features;
}

[RegisterConverter]
internal sealed class DriftReportConverter : IConverter<DriftReport, DriftReportSurrogate>
{
    public DriftReport ConvertFromSurrogate(in DriftReportSurrogate surrogate) => new(surrogate.Sessions, surrogate.Features);

    public DriftReportSurrogate ConvertToSurrogate(in DriftReport value) => new()
    {
        Sessions = value.Sessions,
        Features = new(value.Features, StringComparer.Ordinal),
    };
}
