namespace Trm.Core.Outcomes;

/// <summary>How good predictions were against what came; the one definition that backtest, REST and summaries use.</summary>
public sealed record OutcomeStatistics
{
    /// <summary>Predictions judged; one a session.</summary>
    public required int Sessions { get; init; }

    /// <summary>Share whose strategy was the best.</summary>
    public required double HitRate { get; init; }

    /// <summary>Share whose three likeliest strategies had the best among them.</summary>
    public required double Top3Rate { get; init; }

    /// <summary>Mean cross-entropy with the rule's soft target, in nats; guessing evenly has ln 8 = 2.079.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean −ln of the probability given to the best strategy, in nats.</summary>
    public required double HardLogLoss { get; init; }

    /// <summary>Mean Brier score against the best strategy, 0 to 2.</summary>
    public required double Brier { get; init; }

    /// <summary>Mean confidence.</summary>
    public required double AverageConfidence { get; init; }

    /// <summary>Expected calibration error over <see cref="Reliability"/>, 0 to 1.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Mean utility of the predicted strategies.</summary>
    public required double RealisedUtility { get; init; }

    /// <summary>Mean return of the predicted strategies over their horizons.</summary>
    public required double RealisedReturn { get; init; }

    /// <summary>The one strategy that would have had the highest mean utility throughout: known only afterwards.</summary>
    public required ConstantScore BestConstant { get; init; }

    /// <summary>Confidence against hit rate.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>The figures of some predictions; null of none.</summary>
    /// <param name="predictions">One a session.</param>
    /// <param name="rule">What their outcomes were made by.</param>
    public static OutcomeStatistics? Of(IReadOnlyCollection<JudgedPrediction> predictions, OutcomeRule rule)
    {
        if (predictions.Count == 0) return null;
        var bins = ReliabilityBin.Of(predictions);
        return new OutcomeStatistics
        {
            Sessions = predictions.Count,
            HitRate = predictions.Average(p => p.IsHit ? 1.0 : 0.0),
            Top3Rate = predictions.Average(p => p.IsInTop3 ? 1.0 : 0.0),
            LogLoss = predictions.Average(p => ForecastLoss.Log(p.Probabilities, rule.Target(p.Outcome.Utilities))),
            HardLogLoss = predictions.Average(p => ForecastLoss.Log(p.Probabilities, p.Outcome.Best.Id)),
            Brier = predictions.Average(p => ForecastLoss.Brier(p.Probabilities, p.Outcome.Best.Id)),
            AverageConfidence = predictions.Average(p => p.Confidence),
            CalibrationError = ReliabilityBin.CalibrationError(bins),
            RealisedUtility = predictions.Average(p => p.Outcome.Utilities[p.Strategy.Id]),
            RealisedReturn = predictions.Average(p => p.Outcome.Returns[p.Strategy.Id]),
            BestConstant = ConstantScore.Of([.. predictions.Select(p => p.Outcome)]).MaxBy(constant => constant.Utility)!,
            Reliability = bins,
        };
    }
}
