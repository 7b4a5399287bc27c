using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;

namespace Trm.Core.Local;

/// <summary>
/// One market in one process: reads its source at the market's interval, or sooner when the source has news, and
/// runs the pipeline. A tick that fails is told of and the next one works.
/// </summary>
/// <param name="market">The market.</param>
/// <param name="source">Where its snapshots come from.</param>
/// <param name="pipeline">What makes predictions of them.</param>
/// <param name="publisher">Who hears of ticks that made none.</param>
/// <param name="interval">Time between ticks; zero reads as fast as predictions are made (replay).</param>
/// <param name="time">The clock.</param>
public sealed class LocalMarket(
    Market market, ISnapshotSource source, PredictionPipeline pipeline, IPredictionPublisher publisher, TimeSpan interval, TimeProvider time)
{
    /// <summary>The shortest interval that is not "as fast as it goes".</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(0.1);

    // A log that refuses (a full disk) is asked again at this pace, whatever the interval.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly TickRhythm rhythm = new(interval, time);

    // Read, but not yet in the log: offered again rather than lost, so a replay skips no session.
    private Snapshot? pending;

    /// <summary>Runs until cancelled or until the source ends.</summary>
    /// <returns>What was done; its reason is null when it was cancelled.</returns>
    public async Task<MarketRun> RunAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var predictions = 0L;
        string? reason = null;
        try
        {
            for (var due = time.GetTimestamp(); reason is null; due = await PauseAsync(due, cancellation).ConfigureAwait(false))
            {
                (var made, reason) = await TickAsync(cancellation).ConfigureAwait(false);
                if (made) predictions++;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop: what was done so far is the answer.
        }
        return new MarketRun(market.Id, predictions, time.GetElapsedTime(started), reason);
    }

    private async Task<(bool Made, string? EndReason)> TickAsync(CancellationToken cancellation)
    {
        try
        {
            if (pending is null)
            {
                switch (await source.ReadAsync(pipeline.Cursor, cancellation).ConfigureAwait(false))
                {
                    case SnapshotReading.Ready ready: pending = ready.Snapshot; break;
                    case SnapshotReading.Finished finished: return (false, finished.Reason);
                    case SnapshotReading.Unavailable none: await TellAsync(none.Code, none.Reason, null).ConfigureAwait(false); return default;
                }
            }
            var made = await pipeline.ProcessAsync(pending!, cancellation).ConfigureAwait(false) is not null;
            pending = null;
            return (made, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (AppendFailedException error)
        {
            await TellAsync(error.Code, error.PublicMessage, error).ConfigureAwait(false);
        }
        catch (TrmException error)
        {
            pending = null;
            await TellAsync(error.Code, error.PublicMessage, error).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // A tick must not end the market. What went wrong is told, with the exception, and the next tick tries anew.
            pending = null;
            await TellAsync("internal_error", "the tick failed; the service's log says why", error).ConfigureAwait(false);
            if (interval < RetryPause) await Task.Delay(RetryPause, time, cancellation).ConfigureAwait(false);
        }
        return default;

        async Task TellAsync(string code, string message, Exception? cause)
        {
            TrmTelemetry.Predictions.Add(1, new("market", market.Id), new("error", code));
            var error = new PredictionError(market.Id, code, message, time.GetUtcNow()) { Cause = cause };
            await publisher.PublishErrorAsync(error, cancellation).ConfigureAwait(false);
        }
    }

    // Waits for the next due tick or for news. News starts the rhythm anew.
    private async Task<long> PauseAsync(long due, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (pending is not null)
        {
            // Made but not durable: it does not wait for an interval that may be minutes, and comes before any news.
            await Task.Delay(RetryPause, time, cancellation).ConfigureAwait(false);
            return due;
        }
        if (interval <= TimeSpan.Zero) return time.GetTimestamp();

        var next = rhythm.After(due);
        var wait = rhythm.Until(next);
        if (wait == TimeSpan.Zero) return next;

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tick = Task.Delay(wait, time, done.Token);
        var news = source.WaitForNewsAsync(done.Token);
        var first = await Task.WhenAny(tick, news).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return first == tick ? next : time.GetTimestamp();
    }
}

/// <summary>What a market's loop did.</summary>
/// <param name="Market">Market id.</param>
/// <param name="Predictions">Predictions made.</param>
/// <param name="Elapsed">Time it took.</param>
/// <param name="EndReason">Why the source ended; null when the loop was asked to stop.</param>
public sealed record MarketRun(string Market, long Predictions, TimeSpan Elapsed, string? EndReason)
{
    /// <summary>Predictions a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Predictions / Elapsed.TotalSeconds : 0;
}
