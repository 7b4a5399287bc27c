using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Orleans.Streams;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Markets;
using Trm.Grains.Placement;
using Trm.Grains.Predictions;

namespace Trm.Grains.Snapshots;

/// <summary>
/// Reads one market at its interval, numbers its snapshots and emits them. This file is the tick; how it starts, and what the
/// strategy tells it, are beside it.
/// </summary>
[MarketPlacement]
internal sealed partial class FeatureSourceGrain(
    [PersistentState("source", GrainStorage.Name)] IPersistentState<SourceState> state,
    IMarketBook book,
    IBarIntake intake,
    MarketHome home,
    IOptions<SourceOptions> options,
    TimeProvider time,
    ILogger<FeatureSourceGrain> logger)
    : Grain, IFeatureSourceGrain, IRemindable, IDisposable
{
    private IAsyncStream<SnapshotEvent> snapshots = null!;
    private StreamPublisher feed = null!;

    private ISnapshotSource? source;
    private TickRhythm rhythm = null!;
    private long due;

    // Read, but not yet stored: stored at the next tick rather than lost, so a replay skips no session.
    private Snapshot? unsaved;

    // Being stored: not handed out until it is.
    private Snapshot? storing;
    private string? endReason;

    // As fast as predictions are made: the next acknowledgement turns the crank.
    private bool waitsForRoom;

    private string Market => this.GetPrimaryKeyString();

    private int BeingStored => storing is null ? 0 : 1;

    private async Task TickAsync(CancellationToken cancellation)
    {
        CancelNews();
        try
        {
            if (state.State.Pending.Count >= options.Value.PendingLimit)
            {
                if (waitsForRoom = rhythm.IsFreeRunning) return;
                await TellAsync("predictions_behind", $"{state.State.Pending.Count} snapshots wait for their predictions; this tick is left out", null);
            }
            else if (await ReadAsync(cancellation) is { } snapshot)
                await EmitAsync(snapshot);
        }
        catch (InconsistentStateException error)
        {
            // Another activation of this market wrote it, or our own write was carried out although it failed: what is stored is right.
            Log.SourceSuperseded(logger, Market, error.Message);
            StartOver();
            return;
        }
        catch (TrmException error)
        {
            await TellAsync(error.Code, error.PublicMessage, error);
        }
        catch (Exception error)
        {
            // A tick must not end the market. What went wrong is told, and the next tick tries anew.
            await TellAsync("internal_error", "the tick failed; the silo's log says why", error);
        }
        // Started over meanwhile: the next activation ticks.
        if (endReason is null && ticks is not null) ScheduleNext();
    }

    private async Task<Snapshot?> ReadAsync(CancellationToken cancellation)
    {
        if (unsaved is not null) return unsaved;
        switch (await source!.ReadAsync(state.State.Cursor, cancellation))
        {
            case SnapshotReading.Ready ready:
                return unsaved = ready.Snapshot;
            case SnapshotReading.Finished finished:
                endReason = finished.Reason;
                Log.SourceEnded(logger, Market, finished.Reason);
                return null;
            case SnapshotReading.Unavailable none:
                await TellAsync(none.Code, none.Reason, null);
                return null;
            default:
                return null;
        }
    }

    // Stored first: a number that was emitted is never given again, by this activation or another.
    private async Task EmitAsync(Snapshot snapshot)
    {
        snapshot = snapshot with { Sequence = state.State.LastSequence + 1 };
        var before = (state.State.LastSequence, state.State.LastAsOf, state.State.LastOrigin);
        state.State.Add(snapshot);
        storing = snapshot;
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception error)
        {
            state.State.Pending.Remove(snapshot);
            (state.State.LastSequence, state.State.LastAsOf, state.State.LastOrigin) = before;
            if (error is InconsistentStateException) throw;
            throw new ClusterException(
                "storage_unavailable", $"market {Market}: snapshot {snapshot.Sequence} could not be stored ({error.Message.ReplaceLineEndings(" ")}); the next tick stores it",
                "a snapshot could not be stored; the next tick tries again", error);
        }
        finally
        {
            storing = null;
        }
        unsaved = null;
        await EmitAsync(new SnapshotEvent(snapshot, state.State.Numbering));
    }

    private async Task EmitAsync(SnapshotEvent emitted)
    {
        try
        {
            await snapshots.OnNextAsync(emitted).WaitAsync(StreamPublisher.Limit, time);
        }
        catch (Exception error)
        {
            // The strategy hears of it all the same: it is asked to catch up when no acknowledgement comes.
            Log.NotEmitted(logger, Market, "snapshot", emitted.Snapshot.Sequence, error.Message, "what the source keeps");
        }
    }

    private Task TellAsync(string code, string message, Exception? cause) =>
        feed.PublishErrorAsync(new PredictionError(Market, code, message, time.GetUtcNow()) { Cause = cause }).AsTask();

    public async Task<BarReceipt> PushBarsAsync(IReadOnlyList<Bar> bars) => HearOf(await intake.TakeAsync(book.Get(Market).Market, bars));

    public async Task<BarReceipt> PushCsvAsync(string csv) => HearOf(await intake.TakeCsvAsync(book.Get(Market).Market, csv));

    private BarReceipt HearOf(BarReceipt receipt)
    {
        if (receipt is { Added: > 0 } or { Changed: > 0 } && source?.Origin == SnapshotOrigin.Live) TickNow();
        return receipt;
    }
}
