using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="OutcomeRule"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.outcome-rule")]
internal struct OutcomeRuleSurrogate
{
    [Id(0)] public string Name;
    [Id(1)] public int HorizonSessions;
    [Id(2)] public double TotalRisk;
    [Id(3)] public double ActiveRisk;
    [Id(4)] public double Temperature;
}

[RegisterConverter]
internal sealed class OutcomeRuleConverter : IConverter<OutcomeRule, OutcomeRuleSurrogate>
{
    public OutcomeRule ConvertFromSurrogate(in OutcomeRuleSurrogate surrogate) =>
        new(surrogate.Name, surrogate.HorizonSessions, surrogate.TotalRisk, surrogate.ActiveRisk, surrogate.Temperature);

    public OutcomeRuleSurrogate ConvertToSurrogate(in OutcomeRule value) => new()
    {
        Name = value.Name,
        HorizonSessions = value.HorizonSessions,
        TotalRisk = value.TotalRisk,
        ActiveRisk = value.ActiveRisk,
        Temperature = value.Temperature,
    };
}
