using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="OutcomeQuery"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.outcome-query")]
internal struct OutcomeQuerySurrogate
{
    [Id(0)] public DateOnly? After;
    [Id(1)] public DateOnly? Before;
    [Id(2)] public DateOnly? SettledBy;
    [Id(3)] public string? ModelVersion;
    [Id(4)] public int Limit;
}

[RegisterConverter]
internal sealed class OutcomeQueryConverter : IConverter<OutcomeQuery, OutcomeQuerySurrogate>
{
    public OutcomeQuery ConvertFromSurrogate(in OutcomeQuerySurrogate surrogate) => new()
    {
        After = surrogate.After,
        Before = surrogate.Before,
        SettledBy = surrogate.SettledBy,
        ModelVersion = surrogate.ModelVersion,
        Limit = surrogate.Limit,
    };

    public OutcomeQuerySurrogate ConvertToSurrogate(in OutcomeQuery value) => new()
    {
        After = value.After,
        Before = value.Before,
        SettledBy = value.SettledBy,
        ModelVersion = value.ModelVersion,
        Limit = value.Limit,
    };
}
