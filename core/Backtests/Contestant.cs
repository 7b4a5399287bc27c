using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Backtests;

/// <summary>One way to decide, and what it was worth.</summary>
/// <param name="Name"><c>model</c>, <c>class prior</c>, or a strategy's name.</param>
/// <param name="Forecast">Its figures as a forecast; null for a strategy held throughout, and when no horizon is over.</param>
/// <param name="Constant">Its figures as a strategy held throughout; null for a forecast, and when no horizon is over.</param>
/// <param name="Equity">What holding it came to.</param>
public sealed record Contestant(string Name, OutcomeStatistics? Forecast, ConstantScore? Constant, EquityCurve Equity)
{
    /// <summary>Share of the sessions at which its strategy was the best.</summary>
    public double? HitRate => Forecast?.HitRate ?? Constant?.HitRate;

    /// <summary>Mean utility of a decision.</summary>
    public double? Utility => Forecast?.RealisedUtility ?? Constant?.Utility;

    /// <summary>The model, the class prior, then each strategy held throughout: all over the same sessions.</summary>
    /// <param name="decisions">The model's.</param>
    /// <param name="judged">Those of which the horizon is over.</param>
    /// <param name="prior">The forecast that looks at nothing.</param>
    /// <param name="rule">What the outcomes were made by.</param>
    /// <param name="closes">What is held, in date order.</param>
    /// <param name="costBasisPoints">Of a trade, in 1/100 %.</param>
    public static IReadOnlyList<Contestant> All(
        IReadOnlyList<BacktestDecision> decisions, IReadOnlyList<JudgedPrediction> judged, ClassPrior prior, OutcomeRule rule, IReadOnlyList<Closes> closes, double costBasisPoints)
    {
        var ofPrior = judged.Select(p => p with { Probabilities = prior.Probabilities }).ToArray();
        var constants = judged.Count == 0 ? [] : ConstantScore.Of([.. judged.Select(p => p.Outcome)]);
        return
        [
            new Contestant("model", OutcomeStatistics.Of(judged, rule), null, Hold(d => d.Strategy)),
            new Contestant("class prior", OutcomeStatistics.Of(ofPrior, rule), null, Hold(_ => Strategy.MostProbable(prior.Probabilities))),
            .. Strategy.All.Select(strategy => new Contestant(strategy.Name, null, constants.ElementAtOrDefault(strategy.Id), Hold(_ => strategy))),
        ];

        EquityCurve Hold(Func<BacktestDecision, Strategy> decide) => EquityCurve.Of(closes, decisions.ToDictionary(d => d.Session, decide), costBasisPoints);
    }
}
