using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Gateway.Host.Feed;

/// <summary>
/// Follows one market: takes its stream, leaves out what comes twice, and reads from the log what does not come. So the feed's
/// listeners hear each sequence once, in order, whatever the stream does.
/// </summary>
internal sealed class MarketFollower : IAsyncObserver<FeedEvent>, IDisposable
{
    /// <summary>After so long without an event the log is asked whether something was missed.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2);

    /// <summary>A prediction that is in the log for so long without having come was lost; a younger one may be on its way.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMilliseconds(500);

    /// <summary>More than this are not told one by one: whoever wants all of them reads the log itself.</summary>
    private const int RepairLimit = 1_000;

    private readonly string market;
    private readonly IClusterClient cluster;
    private readonly ClusterFeed feed;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly HeadRequests heads;
    private readonly SemaphoreSlim turn = new(1, 1);

    private LogHead? place;
    private long lastHeard;
    private bool isSubscribed;

    public MarketFollower(string market, IClusterClient cluster, ClusterFeed feed, TimeProvider time, ILogger logger)
    {
        this.market = market;
        this.cluster = cluster;
        this.feed = feed;
        this.time = time;
        this.logger = logger;
        heads = new HeadRequests(() => ClusterCall.RunAsync(() => History.HeadAsync()));
    }

    private IHistoryGrain History => cluster.GetGrain<IHistoryGrain>(market);

    public void Dispose() => turn.Dispose();

    /// <summary>Where the log stands, at or after the call.</summary>
    public Task<LogHead> HeadAsync() => heads.AskAsync();

    public Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query, CancellationToken cancellation = default) =>
        ClusterCall.RunAsync(() => History.ReadAsync(query), cancellation);

    /// <summary>The stream brought something.</summary>
    public async Task OnNextAsync(FeedEvent item, StreamSequenceToken? token = null)
    {
        Volatile.Write(ref lastHeard, time.GetTimestamp());
        if (item.Error is { } error) feed.Tell(error);
        if (item.Prediction is not { } prediction) return;

        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await TakeAsync(prediction).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    /// <summary>Subscribes when it is not, and after a silence asks the log.</summary>
    public async Task CheckAsync(bool renew)
    {
        try
        {
            if (renew || !isSubscribed) await SubscribeAsync().ConfigureAwait(false);
            else if (time.GetElapsedTime(Volatile.Read(ref lastHeard)) < SilenceLimit) return;

            var head = await HeadAsync().ConfigureAwait(false);
            if (await TakeAsync(head).ConfigureAwait(false)) await SubscribeAsync().ConfigureAwait(false);
            Volatile.Write(ref lastHeard, time.GetTimestamp());
        }
        catch (Exception error) when (error is TrmException || ClusterCall.IsUnavailable(error))
        {
            Log.MarketNotFollowed(logger, market, error.Message);
        }
    }

    /// <returns>True when the stream did not bring what it should have.</returns>
    private async Task<bool> TakeAsync(LogHead head)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (place is null)
            {
                place = head;
                return false;
            }
            if (head.Latest is not { } latest || (head.Epoch == place.Epoch && head.Sequence <= place.Sequence)) return false;
            if (time.GetUtcNow() - latest.Timestamp < Overdue) return false;
            Log.Repaired(logger, market, head.Epoch == place.Epoch ? place.Sequence + 1 : 1, head.Sequence);
            await TakeAsync(latest).ConfigureAwait(false);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task TakeAsync(Prediction prediction)
    {
        if (place is { } at)
        {
            var isSameLog = at.Epoch == prediction.Epoch;
            if (isSameLog && prediction.Sequence <= at.Sequence) return;
            if (!isSameLog && !await IsCurrentAsync(prediction.Epoch).ConfigureAwait(false)) return; // Of a log that has started over since.
            // A log that started over is new from its first prediction on.
            var heard = isSameLog ? at.Sequence : 0;
            if (prediction.Sequence > heard + 1) await RepairAsync(heard, prediction.Sequence).ConfigureAwait(false);
        }
        place = new LogHead(prediction.Epoch, prediction);
        feed.Tell(prediction with { EmittedTimestamp = Here(prediction.EmittedAt) });
    }

    private async Task RepairAsync(long after, long before)
    {
        try
        {
            if (before - after > RepairLimit) return;
            foreach (var missed in await ReadAsync(new LogQuery { After = after, Before = before, Limit = RepairLimit }).ConfigureAwait(false)) feed.Tell(missed);
        }
        catch (ClusterException error)
        {
            // Clients that want every sequence see the gap and read the log themselves.
            Log.NotRepaired(logger, market, after + 1, before - 1, error.Message);
        }
    }

    private async Task<bool> IsCurrentAsync(Guid epoch)
    {
        try
        {
            return (await HeadAsync().ConfigureAwait(false)).Epoch == epoch;
        }
        catch (ClusterException)
        {
            return false;
        }
    }

    private async Task SubscribeAsync()
    {
        var stream = cluster.GetStreamProvider(TrmStreams.Provider).GetStream<FeedEvent>(StreamId.Create(TrmStreams.Predictions, market));
        var handles = await stream.GetAllSubscriptionHandles().ConfigureAwait(false);
        if (handles is [var first, ..])
        {
            // Ours from before: taken up again, so that nothing comes twice.
            await first.ResumeAsync(this).ConfigureAwait(false);
            foreach (var other in handles.Skip(1)) await other.UnsubscribeAsync().ConfigureAwait(false);
        }
        else
        {
            await stream.SubscribeAsync(this).ConfigureAwait(false);
        }
        isSubscribed = true;
    }

    // The moment of emission by this process's clock for durations; machines' clocks agree as far as they are kept.
    private long Here(DateTimeOffset emitted)
    {
        var age = time.GetUtcNow() - emitted;
        return Math.Max(1, time.GetTimestamp() - (long)(Math.Max(0, age.TotalSeconds) * time.TimestampFrequency));
    }
}
