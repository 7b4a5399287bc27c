using Trm.Core.Outcomes;

namespace Trm.Core.Backtests;

/// <summary>By how much a model's log-loss lies below the class prior's, in nats a session; above 0 the model knows something.</summary>
/// <param name="Mean">The mean gain.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Bootstrap">How the interval was made.</param>
public sealed record LogLossGain(double Mean, double Low, double High, BlockBootstrap Bootstrap)
{
    /// <summary>Of one or more predictions, in date order.</summary>
    public static LogLossGain Of(IReadOnlyList<JudgedPrediction> predictions, ClassPrior prior, OutcomeRule rule)
    {
        var gains = predictions.Select(p =>
        {
            var target = rule.Target(p.Outcome.Utilities);
            return ForecastLoss.Log(prior.Probabilities, target) - ForecastLoss.Log(p.Probabilities, target);
        }).ToArray();
        var bootstrap = new BlockBootstrap();
        var (low, high) = bootstrap.Interval(gains);
        return new LogLossGain(gains.Average(), low, high, bootstrap);
    }
}
