using System.Globalization;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;

namespace Trm.MarketData.Sources;

/// <summary>
/// Stored sessions of the past, one a read, in date order. It reads ahead a page, never the whole history, and goes
/// on where the log ends when the log's last prediction is of a replayed session within the range.
/// </summary>
public sealed class ReplaySource : ISnapshotSource, IAsyncDisposable
{
    private readonly IBarStore store;
    private readonly Market market;
    private readonly Func<IFeatureExtractor> createExtractor;
    private readonly DateOnly from;
    private readonly DateOnly? to;
    private readonly bool restart;
    private readonly SnapshotFactory snapshots;

    private DateOnly next;
    private bool placed;
    private string featureSet = "";
    private IAsyncEnumerator<SessionFeatures>? sessions;
    private SnapshotReading.Finished? finished;

    /// <param name="store">Whose bars are replayed.</param>
    /// <param name="market">The market.</param>
    /// <param name="createExtractor">A fresh extractor of the features wanted.</param>
    /// <param name="time">The clock that snapshots are stamped with.</param>
    /// <param name="from">First session; the store's first when null. Sessions before it warm the features up.</param>
    /// <param name="to">Last session; the store's last when null.</param>
    /// <param name="restart">Begin at <paramref name="from"/> whatever the log says.</param>
    public ReplaySource(
        IBarStore store, Market market, Func<IFeatureExtractor> createExtractor, TimeProvider time,
        DateOnly? from = null, DateOnly? to = null, bool restart = false)
    {
        this.store = store;
        this.market = market;
        this.createExtractor = createExtractor;
        this.from = from ?? DateOnly.MinValue;
        this.to = to;
        this.restart = restart;
        snapshots = new SnapshotFactory(market, SnapshotOrigin.Replay, time);
    }

    /// <inheritdoc/>
    public SnapshotOrigin Origin => SnapshotOrigin.Replay;

    /// <inheritdoc/>
    public async ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation)
    {
        if (finished is not null) return finished;
        Place(after);
        using var span = snapshots.Start();
        try
        {
            sessions ??= Open();
            while (await sessions.MoveNextAsync().ConfigureAwait(false))
            {
                cancellation.ThrowIfCancellationRequested();
                var session = sessions.Current;
                next = session.Session.Date.AddDays(1);
                if (!session.Reading.IsWarmingUp) return snapshots.Read(span, after.Sequence + 1, SessionReading.Of(market, session, featureSet));
            }
        }
        catch
        {
            // The place is kept; the next read opens the store again and warms up to it.
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return finished = await FinishAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Lets go of the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (sessions is not null) await sessions.DisposeAsync().ConfigureAwait(false);
        sessions = null;
    }

    private void Place(SnapshotCursor after)
    {
        if (placed) return;
        placed = true;
        next = from;
        if (restart || after is not { Origin: SnapshotOrigin.Replay, AsOf: { } asOf }) return;
        var last = market.SessionOf(asOf);
        if (last >= from && (to is null || last <= to)) next = last.AddDays(1);
    }

    private IAsyncEnumerator<SessionFeatures> Open()
    {
        var extractor = createExtractor();
        featureSet = extractor.FeatureSet;
        // Reads on across calls, so it does not follow the token of this one.
        return FeatureSeries.ReadAsync(store, market, extractor, next, to, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
    }

    private async Task<SnapshotReading.Finished> FinishAsync(CancellationToken cancellation)
    {
        await DisposeAsync().ConfigureAwait(false);
        var range = await store.RangeAsync(market.Id, cancellation).ConfigureAwait(false);
        return new SnapshotReading.Finished(range switch
        {
            null => $"there are no bars of {market.Id} to replay; ingest some first",
            _ when next == from => string.Create(
                CultureInfo.InvariantCulture, $"no session of {market.Id} lies in the range; the store has {range.First:yyyy-MM-dd} to {range.Last:yyyy-MM-dd}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"the replay of {market.Id} ended with session {next.AddDays(-1):yyyy-MM-dd}"),
        });
    }
}
