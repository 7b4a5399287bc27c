using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;

namespace Trm.MarketData.Sources;

/// <summary>
/// The newest session of the store, followed as bars arrive from this process or another. Between bars each read
/// says the same features again with their age and what that does to their quality. A session that is not complete
/// yet is used as it is.
/// </summary>
public sealed class LiveSource : ISnapshotSource
{
    /// <summary>How often the store is asked for writes of other processes.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly IBarStore store;
    private readonly Market market;
    private readonly Func<IFeatureExtractor> createExtractor;
    private readonly TimeProvider time;
    private readonly SnapshotFactory snapshots;

    private IFeatureExtractor? extractor;
    private SessionReading? newest;
    private long revision;
    private long announced;
    private TaskCompletionSource notified = NewSignal();

    /// <param name="store">Whose bars are followed.</param>
    /// <param name="market">The market.</param>
    /// <param name="createExtractor">A fresh extractor of the features wanted.</param>
    /// <param name="time">The clock of polls, staleness and stamps.</param>
    public LiveSource(IBarStore store, Market market, Func<IFeatureExtractor> createExtractor, TimeProvider time)
    {
        this.store = store;
        this.market = market;
        this.createExtractor = createExtractor;
        this.time = time;
        snapshots = new SnapshotFactory(market, SnapshotOrigin.Live, time);
    }

    /// <inheritdoc/>
    public SnapshotOrigin Origin => SnapshotOrigin.Live;

    /// <summary>Says that bars were just written, so that nobody waits for the next poll. From any thread.</summary>
    public void Notify() => Interlocked.Exchange(ref notified, NewSignal()).TrySetResult();

    /// <inheritdoc/>
    public async ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation)
    {
        using var span = snapshots.Start();
        await FollowAsync(cancellation).ConfigureAwait(false);
        return newest is null
            ? new SnapshotReading.Unavailable("no_bars", $"the store has no bars of {market.Id}; ingest or push some")
            : snapshots.Read(span, after.Sequence + 1, newest);
    }

    /// <inheritdoc/>
    public async Task WaitForNewsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before the store is asked, so that a notice in between is not missed.
            var signal = Volatile.Read(ref notified).Task;
            if (await HasNewsAsync(cancellation).ConfigureAwait(false)) return;

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(signal, Task.Delay(PollInterval, time, pause.Token)).ConfigureAwait(false);
            await pause.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> HasNewsAsync(CancellationToken cancellation)
    {
        try
        {
            var current = (await store.ChangesSinceAsync(market.Id, revision, cancellation).ConfigureAwait(false)).Revision;
            // Each revision is news once, also when the read that follows fails.
            if (current == revision || current == announced) return false;
            announced = current;
            return true;
        }
        catch (TrmException)
        {
            // The next tick reads the store too, and reports what is wrong with it.
            return false;
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var changes = await store.ChangesSinceAsync(market.Id, revision, cancellation).ConfigureAwait(false);
        if (changes.Revision == revision) return;

        // Only later sessions can be pushed on; a corrected or completed one needs its history anew.
        if (extractor is null || newest is null || changes.Earliest is not { } earliest || earliest <= newest.Date)
            await RebuildAsync(cancellation).ConfigureAwait(false);
        else
            await AdvanceAsync(extractor, earliest, cancellation).ConfigureAwait(false);
        revision = changes.Revision;
    }

    private async Task RebuildAsync(CancellationToken cancellation)
    {
        (extractor, newest) = (null, null);
        if (await store.LookBackAsync(market.Id, DateOnly.MaxValue, sessions: 1, cancellation).ConfigureAwait(false) is not { } last) return;

        var fresh = createExtractor();
        await foreach (var seen in FeatureSeries.ReadAsync(store, market, fresh, last, null, cancellation).ConfigureAwait(false))
            newest = SessionReading.Of(market, seen, fresh.FeatureSet);
        extractor = fresh;
    }

    private async Task AdvanceAsync(IFeatureExtractor target, DateOnly from, CancellationToken cancellation)
    {
        await foreach (var session in store.ReadAsync(market, from, null, cancellation).ConfigureAwait(false))
            newest = SessionReading.Of(market, session, target);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
