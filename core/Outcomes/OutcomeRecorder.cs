using Trm.Core.Bars;
using Trm.Core.Drift;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Core.Outcomes;

/// <summary>
/// Follows one market's log: records what came of its predictions, as soon as their horizons are over by the market's own clock (the
/// as-of time of its newest prediction), and remembers the features of its newest sessions. What it holds besides are the sessions
/// not yet judged, so that a new session costs what the horizon has sessions. One caller at a time.
/// </summary>
/// <param name="market">The market.</param>
/// <param name="rule">What makes outcomes.</param>
/// <param name="bars">What happened.</param>
/// <param name="log">What was said.</param>
/// <param name="outcomes">Where it is recorded.</param>
public sealed class OutcomeRecorder(Market market, OutcomeRule rule, IBarStore bars, IPredictionLog log, IOutcomeLog outcomes)
{
    private readonly SortedDictionary<DateOnly, Dictionary<string, SessionPrediction>> open = [];
    private Guid epoch;
    private long last;
    private DateOnly? judgedAt;
    private bool hasHistory;

    /// <summary>The features of its newest sessions.</summary>
    public FeatureWindow Features { get; } = new();

    /// <summary>
    /// Takes predictions of the log and records what is over by the last of them. What the log has between them and this recorder has not
    /// seen (after a restart, or when predictions came faster than they were taken) is read from the log; a repeat only judges.
    /// </summary>
    /// <param name="predictions">In the order of the log, one or more; its newest suffices.</param>
    /// <param name="cancellation">Gives up; the next call goes on.</param>
    /// <returns>Sessions recorded.</returns>
    /// <exception cref="TrmException">Bars, log or outcomes cannot be read or written now; the next call tries again.</exception>
    public async Task<int> TakeAsync(IReadOnlyList<Prediction> predictions, CancellationToken cancellation = default)
    {
        foreach (var prediction in predictions)
        {
            if (prediction.Epoch != epoch) await BeginAsync(prediction, cancellation).ConfigureAwait(false);
            while (last < prediction.Sequence - 1) await CatchUpAsync(prediction, cancellation).ConfigureAwait(false);
            Add(prediction);
        }
        var newest = predictions[^1];
        return IsMadeUp(newest) ? 0 : await JudgeAsync(market.LastClosed(newest.AsOf), cancellation).ConfigureAwait(false);
    }

    // Each tick of a simulated market is a session of its own, and no bar of it is stored: it has features and no outcome.
    private static bool IsMadeUp(Prediction prediction) => prediction.Origin == SnapshotOrigin.Simulated;

    private async Task BeginAsync(Prediction prediction, CancellationToken cancellation)
    {
        var cursor = await outcomes.CursorAsync(market.Id, prediction.Epoch, cancellation).ConfigureAwait(false);
        if (!hasHistory)
        {
            foreach (var judged in await outcomes.FeaturesAsync(market.Id, FeatureWindow.Sessions, cancellation).ConfigureAwait(false))
                Features.Push(judged.Session, judged.FeatureSet, judged.Features);
            hasHistory = true;
        }
        // Of a simulated market only what the window takes is worth reading, however long its log is.
        if (IsMadeUp(prediction)) cursor = Math.Max(cursor, prediction.Sequence - FeatureWindow.Sessions);
        open.Clear();
        (epoch, last, judgedAt) = (prediction.Epoch, cursor, null);
    }

    private async Task CatchUpAsync(Prediction until, CancellationToken cancellation)
    {
        var page = await log.ReadAsync(
            market.Id, new LogQuery { After = last, Before = until.Sequence, Limit = LogQuery.MaxLimit }, cancellation).ConfigureAwait(false);
        // A log that has started over meanwhile has others: its first prediction begins anew.
        if (page.Count == 0 || page[0].Epoch != epoch) last = until.Sequence - 1;
        foreach (var missed in page.Where(p => p.Epoch == epoch)) Add(missed);
    }

    private void Add(Prediction prediction)
    {
        if (prediction.Sequence <= last) return;
        last = prediction.Sequence;
        var session = market.SessionOf(prediction.AsOf);
        Features.Push(IsMadeUp(prediction) ? prediction.Sequence : session, prediction.FeatureSet, prediction.RawFeatures);
        if (IsMadeUp(prediction)) return;
        if (!open.TryGetValue(session, out var models)) open[session] = models = new Dictionary<string, SessionPrediction>(StringComparer.Ordinal);
        models[prediction.ModelVersion] = new SessionPrediction(
            session, prediction.Epoch, prediction.Sequence, prediction.Timestamp, prediction.ModelVersion, prediction.Probabilities, prediction.FeatureSet, prediction.RawFeatures);
    }

    private async Task<int> JudgeAsync(DateOnly now, CancellationToken cancellation)
    {
        if (now == judgedAt || open.Count == 0) return 0;
        var judged = new List<JudgedSession>();
        DateOnly? newest = null;
        await foreach (var outcome in OutcomeSeries.ReadAsync(bars, market, rule, open.First().Key, now, cancellation).ConfigureAwait(false))
        {
            newest = outcome.Session;
            if (open.TryGetValue(outcome.Session, out var models)) judged.Add(new JudgedSession(outcome, models.Values));
        }
        if (judged.Count > 0) await outcomes.RecordAsync(market.Id, rule, judged, cancellation).ConfigureAwait(false);

        // A session before one that was judged and not judged itself has no price, and will have no outcome.
        foreach (var done in open.Keys.TakeWhile(session => session <= newest).ToArray()) open.Remove(done);
        judgedAt = now;
        return judged.Count;
    }
}
