using Trm.Core.Predictions;

namespace Trm.Core.Outcomes;

/// <summary>What each strategy realised after a session: the market's own, whoever predicted what.</summary>
/// <param name="Session">The session at whose close the strategies were entered.</param>
/// <param name="Settled">The horizon's last session.</param>
/// <param name="Returns">Return over the horizon by strategy id, 0.01 = 1 %; eight.</param>
/// <param name="Utilities">Utility by strategy id, as the rule defines it; eight.</param>
public sealed record SessionOutcome(DateOnly Session, DateOnly Settled, IReadOnlyList<double> Returns, IReadOnlyList<double> Utilities)
{
    /// <summary>The strategy of the highest utility; the lower id on a tie.</summary>
    public Strategy Best
    {
        get
        {
            var best = 0;
            for (var id = 1; id < Strategy.Count; id++)
            {
                if (Utilities[id] > Utilities[best]) best = id;
            }
            return Strategy.All[best];
        }
    }
}
