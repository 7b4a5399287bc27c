using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Backtests;

/// <summary>What a backtest came to.</summary>
public sealed record BacktestReport
{
    /// <summary>The market.</summary>
    public required Market Market { get; init; }

    /// <summary>The model that decided.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>What its decisions were judged by.</summary>
    public required OutcomeRule Rule { get; init; }

    /// <summary>Every prediction, in date order, one or more.</summary>
    public required IReadOnlyList<BacktestDecision> Decisions { get; init; }

    /// <summary>Why sessions had no prediction, one reason each.</summary>
    public required IReadOnlyList<string> Missed { get; init; }

    /// <summary>The forecast that looks at nothing.</summary>
    public required ClassPrior Prior { get; init; }

    /// <summary>Cost of a trade, in 1/100 %.</summary>
    public required double CostBasisPoints { get; init; }

    /// <summary>The model, the class prior, then each strategy held throughout.</summary>
    public required IReadOnlyList<Contestant> Contestants { get; init; }

    /// <summary>By how much the model's log-loss lies below the prior's; null when no horizon is over.</summary>
    public required LogLossGain? Gain { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How often each strategy was predicted, by id; eight counts.</summary>
    public IReadOnlyList<int> Predicted => [.. Strategy.All.Select(s => Decisions.Count(d => d.Strategy == s))];

    /// <summary>The confidence that a share of the predictions did not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    public double ConfidencePercentile(double share) => Percentile.OfSorted([.. Decisions.Select(d => d.Confidence).Order()], share);
}

/// <summary>A prediction of a backtest.</summary>
/// <param name="Session">Its session.</param>
/// <param name="Strategy">What it said.</param>
/// <param name="Confidence">How sure it was.</param>
public readonly record struct BacktestDecision(DateOnly Session, Strategy Strategy, double Confidence);
