using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Predictions;

namespace Trm.Grains.Snapshots;

/// <summary>How a source starts, keeps its rhythm, and comes back.</summary>
internal sealed partial class FeatureSourceGrain
{
    private const string Reminder = "revive";

    // The shortest that Orleans allows. The silos start a market of a dead silo long before.
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private IGrainTimer? ticks;
    private IGrainTimer? watch;
    private CancellationTokenSource? news;
    private bool hasReminder;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        snapshots = this.GetStreamProvider(TrmStreams.SnapshotProvider).GetStream<SnapshotEvent>(StreamId.Create(TrmStreams.Snapshots, Market));
        feed = new StreamPublisher(Market, this.GetStreamProvider(TrmStreams.Provider), time, logger);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CancelNews();
        if (source is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    public void Dispose() => news?.Dispose();

    public async Task EnsureRunningAsync()
    {
        if (source is null) await StartAsync();
        // Not waited for: while the reminders' table is away, the market ticks.
        if (!hasReminder) _ = RemindAsync();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => EnsureRunningAsync();

    private async Task StartAsync()
    {
        var plan = book.Get(Market);
        var head = await GrainFactory.GetGrain<IHistoryGrain>(Market).HeadAsync();
        if (state.State.Align(head.Epoch, head.Sequence, head.Latest?.AsOf, head.Latest?.Origin)) await state.WriteStateAsync();

        var opened = await plan.OpenSource(CancellationToken.None);
        rhythm = new TickRhythm(plan.Interval, time);
        due = time.GetTimestamp();
        ticks = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        watch = this.RegisterGrainTimer(
            WatchAsync, new GrainTimerCreationOptions(options.Value.RetryAfter / 2, options.Value.RetryAfter / 2) { KeepAlive = true, Interleave = true });
        source = opened;
        if (state.State.Pending.Count > 0) await GrainFactory.GetGrain<IStrategyGrain>(Market).CatchUpAsync();
        Log.SourceStarted(logger, Market, source.Origin.WireName(), plan.Interval, state.State.LastSequence + 1, head.Epoch, state.State.Pending.Count);
    }

    private async Task RemindAsync()
    {
        hasReminder = true;
        try
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        }
        catch (Exception error)
        {
            hasReminder = false;
            Log.NoReminder(logger, Market, error.Message);
        }
    }

    private void ScheduleNext()
    {
        due = rhythm.After(due);
        var wait = rhythm.Until(due);
        ticks!.Change(wait, Timeout.InfiniteTimeSpan);
        if (source!.Origin == SnapshotOrigin.Live && wait > TimeSpan.Zero) _ = TickOnNewsAsync(news = new CancellationTokenSource());
    }

    private async Task TickOnNewsAsync(CancellationTokenSource wait)
    {
        try
        {
            await source!.WaitForNewsAsync(wait.Token);
            if (!wait.IsCancellationRequested) TickNow();
        }
        catch (OperationCanceledException)
        {
            // The tick came first.
        }
        finally
        {
            wait.Dispose();
        }
    }

    // News starts the rhythm anew.
    private void TickNow()
    {
        due = time.GetTimestamp();
        ticks?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void CancelNews()
    {
        var wait = news;
        news = null;
        try
        {
            wait?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    // Whatever this activation thinks of its state may be wrong: the next one reads it.
    private void StartOver()
    {
        ticks?.Dispose();
        watch?.Dispose();
        (ticks, watch) = (null, null);
        DeactivateOnIdle();
        _ = ReviveAsync(this.AsReference<IFeatureSourceGrain>());
    }

    private static async Task ReviveAsync(IFeatureSourceGrain self)
    {
        // Queued until this activation is gone, and then answered by the next; if that fails, a silo or the reminder starts it.
        try
        {
            await self.EnsureRunningAsync();
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or Core.TrmException)
        {
            // Said where it happened.
        }
    }
}
