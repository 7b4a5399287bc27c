using Trm.Core.Bars;
using Trm.Core.Local;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Core.Backtests;

/// <summary>
/// What a model would have said of past sessions, and what came of it. The predictions are made by the loop and the pipeline that
/// make them live, from a replay; only the log is one in memory.
/// </summary>
/// <param name="market">The market.</param>
/// <param name="bars">Its bars, for what came.</param>
/// <param name="predictor">The model.</param>
/// <param name="time">The clock that predictions are stamped with.</param>
public sealed class Backtest(Market market, IBarStore bars, IPredictor predictor, TimeProvider time)
{
    /// <summary>Runs a replay to its end and judges it.</summary>
    /// <param name="replay">From its start.</param>
    /// <param name="to">The last session that is known: outcomes that need a later one are not judged. Null is the store's last.</param>
    /// <param name="costBasisPoints">Of a trade, in 1/100 %.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BacktestEmptyException">It made no prediction.</exception>
    public async Task<BacktestReport> RunAsync(ISnapshotSource replay, DateOnly? to, double costBasisPoints, CancellationToken cancellation)
    {
        var rule = OutcomeRule.UtilityV1;
        var started = time.GetTimestamp();
        var (log, missed) = (new MemoryPredictionLog(Guid.NewGuid()), new MissedSessions());
        var pipeline = await PredictionPipeline.OpenAsync(market.Id, predictor, log, missed, time, cancellation: cancellation).ConfigureAwait(false);
        var run = await new LocalMarket(market, replay, pipeline, missed, TimeSpan.Zero, time).RunAsync(cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (log.Predictions.Count == 0) throw new BacktestEmptyException(missed.Reasons.Count > 0 ? missed.Reasons[0] : run.EndReason!);

        var sessions = log.Predictions.Select(p => market.SessionOf(p.AsOf)).ToArray();
        var closes = await OutcomeSeries.ClosesAsync(bars, market, sessions[0], to, cancellation).ToListAsync(cancellation).ConfigureAwait(false);
        var outcomes = await OutcomeSeries.ReadAsync(bars, market, rule, sessions[0], to, cancellation)
            .ToDictionaryAsync(o => o.Session, cancellationToken: cancellation).ConfigureAwait(false);
        var judged = sessions.Zip(log.Predictions).Where(p => outcomes.ContainsKey(p.First))
            .Select(p => new JudgedPrediction(p.Second.Epoch, p.Second.Sequence, p.Second.ModelVersion, p.Second.Probabilities, outcomes[p.First])).ToArray();
        var prior = await ClassPrior.ReadAsync(bars, market, rule, predictor.Model, sessions[0], cancellation).ConfigureAwait(false);

        var decisions = sessions.Zip(log.Predictions, (session, p) => new BacktestDecision(session, p.Strategy, p.Confidence)).ToArray();

        return new BacktestReport
        {
            Market = market,
            Model = predictor.Model,
            Rule = rule,
            Decisions = decisions,
            Missed = missed.Reasons,
            Prior = prior,
            CostBasisPoints = costBasisPoints,
            Contestants = Contestant.All(decisions, judged, prior, rule, closes, costBasisPoints),
            Gain = judged.Length == 0 ? null : LogLossGain.Of(judged, prior, rule),
            Elapsed = time.GetElapsedTime(started),
        };
    }

    private sealed class MissedSessions : IPredictionPublisher
    {
        private readonly List<string> reasons = [];

        public IReadOnlyList<string> Reasons => reasons;

        public ValueTask PublishAsync(Prediction prediction, CancellationToken cancellation = default) => ValueTask.CompletedTask;

        public ValueTask PublishErrorAsync(PredictionError error, CancellationToken cancellation = default)
        {
            reasons.Add(error.Message);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A backtest that made no prediction.</summary>
/// <param name="reason">Why not.</param>
public sealed class BacktestEmptyException(string reason) : TrmException("no_predictions", $"no prediction was made: {reason}");
