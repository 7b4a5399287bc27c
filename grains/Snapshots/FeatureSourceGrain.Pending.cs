using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;
using Trm.Core.Snapshots;

namespace Trm.Grains.Snapshots;

/// <summary>What the strategy tells and asks: which snapshots are in the log, which are missing, which cannot be.</summary>
internal sealed partial class FeatureSourceGrain
{
    // The snapshot that is waited for, and since when.
    private long oldest;
    private long oldestSince;

    // New numbers are being stored: nothing is handed out by them until they are.
    private bool isRenumbering;

    public Task<SourceStatus> StatusAsync() => Task.FromResult(new SourceStatus(
        source?.Origin.WireName() ?? "", state.State.LastSequence - BeingStored, state.State.Pending.Count - BeingStored, book.Get(Market).Interval, endReason, RuntimeIdentity));

    public Task<PendingSnapshots> PendingAsync(long after)
    {
        // The log lacks what is not kept here any more (it was restored from a backup, say): the log is right.
        if (after < state.State.LastSequence - state.State.Pending.Count && source is not null) StartOver();
        return Task.FromResult(new PendingSnapshots(
            state.State.Numbering, isRenumbering ? [] : [.. state.State.Pending.Where(s => s.Sequence > after && !ReferenceEquals(s, storing))]));
    }

    public Task AcknowledgeAsync(Guid epoch, long sequence)
    {
        if (epoch != state.State.Epoch)
        {
            // The log started over under us.
            if (source is not null) StartOver();
            return Task.CompletedTask;
        }
        state.State.Acknowledge(sequence);
        if (waitsForRoom && state.State.Pending.Count < options.Value.PendingLimit)
        {
            waitsForRoom = false;
            TickNow();
        }
        return Task.CompletedTask;
    }

    // Not between the turns: a tick that stores its snapshot would see the numbers change under it.
    public async Task RejectAsync(Guid numbering, long sequence)
    {
        if (numbering != state.State.Numbering || !state.State.Reject(sequence)) return;
        Log.SnapshotRejected(logger, Market, sequence);
        isRenumbering = true;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            StartOver();
            throw;
        }
        finally
        {
            isRenumbering = false;
        }
    }

    // The events of the streams may be lost, with a silo or before the strategy listened.
    private async Task WatchAsync(CancellationToken cancellation)
    {
        if (state.State.Pending is not [var first, ..])
        {
            if (home.IsElsewhere(Market)) StartOver();
            return;
        }
        if (first.Sequence != oldest) (oldest, oldestSince) = (first.Sequence, time.GetTimestamp());
        else if (time.GetElapsedTime(oldestSince) >= options.Value.RetryAfter / 2)
        {
            oldestSince = time.GetTimestamp();
            await GrainFactory.GetGrain<IStrategyGrain>(Market).CatchUpAsync();
        }
    }
}
