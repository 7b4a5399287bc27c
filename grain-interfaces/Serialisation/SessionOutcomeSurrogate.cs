using Trm.Core.Outcomes;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="SessionOutcome"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.session-outcome")]
internal struct SessionOutcomeSurrogate
{
    [Id(0)] public DateOnly Session;
    [Id(1)] public DateOnly Settled;
    [Id(2)] public double[] Returns;
    [Id(3)] public double[] Utilities;
}

[RegisterConverter]
internal sealed class SessionOutcomeConverter : IConverter<SessionOutcome, SessionOutcomeSurrogate>
{
    public SessionOutcome ConvertFromSurrogate(in SessionOutcomeSurrogate surrogate) =>
        new(surrogate.Session, surrogate.Settled, surrogate.Returns, surrogate.Utilities);

    public SessionOutcomeSurrogate ConvertToSurrogate(in SessionOutcome value) => new()
    {
        Session = value.Session,
        Settled = value.Settled,
        Returns = [.. value.Returns],
        Utilities = [.. value.Utilities],
    };
}
