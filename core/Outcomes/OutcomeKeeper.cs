using System.Collections.Concurrent;
using System.Threading.Channels;
using Trm.Core.Bars;
using Trm.Core.Drift;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;

namespace Trm.Core.Outcomes;

/// <summary>
/// Keeps outcomes and drift of every market of a process, beside the way of predictions: what it is told waits in a queue of its
/// own, and an error is told and tried again.
/// </summary>
/// <param name="market">A market of this process by its id.</param>
/// <param name="bars">What happened.</param>
/// <param name="log">What was said.</param>
/// <param name="outcomes">Where what came of it is recorded.</param>
/// <param name="predictor">Whose training rows drift is measured from.</param>
/// <param name="observer">Hears of it.</param>
/// <param name="time">The clock of retries.</param>
public sealed class OutcomeKeeper(
    Func<string, Market> market, IBarStore bars, IPredictionLog log, IOutcomeLog outcomes, IPredictor predictor, IOutcomeObserver observer, TimeProvider time) : IFeedListener
{
    /// <summary>What could not be recorded is tried again after this, or at the market's next prediction.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    // A replay as fast as it goes is judged some tens of sessions at a time: each by itself would take time from the next predictions.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // Beyond it the oldest are let go: the log has them, and whatever comes next makes up for it.
    private const int LongestQueue = 1_024;

    private readonly Channel<Prediction> queue = Channel.CreateBounded<Prediction>(
        new BoundedChannelOptions(LongestQueue) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ConcurrentDictionary<string, Kept> kept = new(StringComparer.Ordinal);

    /// <summary>A prediction is in the log. Also tells what a log held when the process started: its newest.</summary>
    public void OnPrediction(Prediction prediction) => queue.Writer.TryWrite(prediction);

    /// <inheritdoc/>
    public void OnError(PredictionError error)
    {
        // Nothing was said, so nothing comes of it.
    }

    /// <summary>How far a market's features are from the training rows; null while that cannot be said.</summary>
    public DriftReport? Drift(string market) => kept.TryGetValue(market, out var found) ? found.Recorder.Features.Against(predictor.Model) : null;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TrmTelemetry.ObserveDrift(ReadDrift);
        while (await queue.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            var waiting = new List<Prediction>();
            while (waiting.Count < LongestQueue && queue.Reader.TryRead(out var next)) waiting.Add(next);
            foreach (var of in waiting.GroupBy(p => p.Market)) await TakeAsync(of.Key, [.. of], cancellation).ConfigureAwait(false);
            await Task.Delay(Pace, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(string id, IReadOnlyList<Prediction> predictions, CancellationToken cancellation)
    {
        var of = kept.GetOrAdd(id, _ => new Kept(new OutcomeRecorder(market(id), OutcomeRule.UtilityV1, bars, log, outcomes)));
        try
        {
            var sessions = await of.Recorder.TakeAsync(predictions, cancellation).ConfigureAwait(false);
            of.IsFailing = false;
            Warn(of, id);
            if (sessions == 0) return;
            TrmTelemetry.Outcomes.Add(sessions, new KeyValuePair<string, object?>("market", id));
            observer.OnRecorded(id, sessions);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it was, predictions go on, and so do the other markets.
            TrmTelemetry.OutcomeFailures.Add(1, new("market", id), new("error", (error as TrmException)?.Code ?? "internal_error"));
            if (!of.IsFailing) observer.OnFailed(id, error);
            of.IsFailing = true;
            if (!of.IsRetrying) _ = RetryAsync(of, predictions[^1], cancellation);
        }
    }

    private async Task RetryAsync(Kept of, Prediction prediction, CancellationToken cancellation)
    {
        of.IsRetrying = true;
        await Task.Delay(RetryPause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        of.IsRetrying = false;
        OnPrediction(prediction);
    }

    private void Warn(Kept of, string market)
    {
        if (Drift(market) is not { } drift) return;
        var warnings = drift.Warnings;
        foreach (var feature in warnings.Except(of.Warned)) observer.OnDrift(market, feature, drift.Features[feature], drift.Sessions);
        of.Warned = warnings;
    }

    private IEnumerable<(string Market, string Feature, double Index)> ReadDrift() =>
        from market in kept.Keys from feature in Drift(market)?.Features ?? new Dictionary<string, double>() select (market, feature.Key, feature.Value);

    private sealed class Kept(OutcomeRecorder recorder)
    {
        public OutcomeRecorder Recorder { get; } = recorder;

        public bool IsFailing { get; set; }

        public bool IsRetrying { get; set; }

        public IReadOnlyList<string> Warned { get; set; } = [];
    }
}
