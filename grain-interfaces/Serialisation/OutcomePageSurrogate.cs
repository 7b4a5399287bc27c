using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="OutcomePage"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.outcome-page")]
internal struct OutcomePageSurrogate
{
    [Id(0)] public OutcomeRule Rule;
    [Id(1)] public JudgedPrediction[] Outcomes;
    [Id(2)] public JudgedPrediction[] Newest;
    [Id(3)] public string? Reason;
}

[RegisterConverter]
internal sealed class OutcomePageConverter : IConverter<OutcomePage, OutcomePageSurrogate>
{
    public OutcomePage ConvertFromSurrogate(in OutcomePageSurrogate surrogate) => new(surrogate.Rule, surrogate.Outcomes, surrogate.Newest, surrogate.Reason);

    public OutcomePageSurrogate ConvertToSurrogate(in OutcomePage value) => new()
    {
        Rule = value.Rule,
        Outcomes = [.. value.Outcomes],
        Newest = [.. value.Newest],
        Reason = value.Reason,
    };
}
