using Trm.Core.Predictions;

namespace Trm.Core.Outcomes;

/// <summary>What always the same strategy would have been worth over some sessions.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="HitRate">Share of the sessions of which it was the best.</param>
/// <param name="Utility">Mean utility of a decision.</param>
/// <param name="Return">Mean return over a decision's horizon.</param>
public sealed record ConstantScore(Strategy Strategy, double HitRate, double Utility, double Return)
{
    /// <summary>All eight, by id.</summary>
    /// <param name="outcomes">One or more.</param>
    public static IReadOnlyList<ConstantScore> Of(IReadOnlyCollection<SessionOutcome> outcomes) =>
    [
        .. Strategy.All.Select(strategy => new ConstantScore(
            strategy,
            outcomes.Average(o => o.Best == strategy ? 1.0 : 0.0),
            outcomes.Average(o => o.Utilities[strategy.Id]),
            outcomes.Average(o => o.Returns[strategy.Id]))),
    ];
}
