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
    /// <summary>
    /// After so long without an event the log is asked whether something was missed; when nothing was, the next time after twice
    /// as long, up to the longest: a market that ticks once a minute is not asked for every second.
    /// </summary>
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(4);

    // A silo that froze answers nothing until it is declared dead: asking again finds another way sooner.
    private static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(1.5);

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

    private volatile LogHead? place;
    private long lastHeard;
    private TimeSpan silence = ShortestSilence;
    private volatile bool isSubscribed;
    private int isChecking;
    private Task subscribing = Task.CompletedTask;

    public MarketFollower(string market, IClusterClient cluster, ClusterFeed feed, TimeProvider time, ILogger logger)
    {
        this.market = market;
        this.cluster = cluster;
        this.feed = feed;
        this.time = time;
        this.logger = logger;
        heads = new HeadRequests(() => ClusterCall.RunAsync(() => History.HeadAsync().WaitAsync(HeadLimit, time)));
    }

    private IHistoryGrain History => cluster.GetGrain<IHistoryGrain>(market);

    public void Dispose() => turn.Dispose();

    /// <summary>The subscription that is under way, or was last.</summary>
    public Task Subscribing => subscribing;

    /// <summary>Where the log stands, at or after the call.</summary>
    public async Task<LogHead> HeadAsync()
    {
        var head = await heads.AskAsync().ConfigureAwait(false);
        // What came by the stream is in the log, whatever a history grain says that has been replaced and does not know it.
        return place is { } heard && heard.Epoch == head.Epoch && heard.Sequence > head.Sequence ? heard : head;
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query, CancellationToken cancellation = default) =>
        ClusterCall.RunAsync(() => History.ReadAsync(query), cancellation);

    /// <summary>The stream brought something.</summary>
    public async Task OnNextAsync(FeedEvent item, StreamSequenceToken? token = null)
    {
        Hear(ShortestSilence);
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

    /// <summary>Subscribes when it is not, and after a silence asks the log. One check at a time; another is left out.</summary>
    /// <param name="renew">Make the subscription anew, and ask the log in any case.</param>
    public async Task CheckAsync(bool renew)
    {
        if (renew) isSubscribed = false;
        if (Interlocked.Exchange(ref isChecking, 1) != 0) return;
        try
        {
            if (!isSubscribed) Renew();
            else if (time.GetElapsedTime(Volatile.Read(ref lastHeard)) < silence) return;

            var waited = silence;
            switch (await CatchUpAsync(await HeadAsync().ConfigureAwait(false)).ConfigureAwait(false))
            {
                case Place.AtTheHead:
                    Hear(waited * 2 < LongestSilence ? waited * 2 : LongestSilence);
                    break;
                case Place.OneBehind:
                    Hear(Overdue);
                    break;
                case Place.Repaired:
                    Hear(ShortestSilence);
                    Renew();
                    break;
            }
        }
        catch (Exception error) when (error is TrmException || ClusterCall.IsUnavailable(error))
        {
            Log.MarketNotFollowed(logger, market, error.Message);
        }
        finally
        {
            Volatile.Write(ref isChecking, 0);
        }
    }

    private async Task<Place> CatchUpAsync(LogHead head)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (place is null)
            {
                place = head;
                return Place.AtTheHead;
            }
            if (head.Latest is not { } latest || (head.Epoch == place.Epoch && head.Sequence <= place.Sequence)) return Place.AtTheHead;
            // The last one may be on its way; those before it are not.
            if (head.Epoch == place.Epoch && head.Sequence == place.Sequence + 1 && time.GetUtcNow() - latest.Timestamp < Overdue) return Place.OneBehind;
            Log.Repaired(logger, market, head.Epoch == place.Epoch ? place.Sequence + 1 : 1, head.Sequence);
            await TakeAsync(latest).ConfigureAwait(false);
            return Place.Repaired;
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

    private void Hear(TimeSpan untilAsked)
    {
        silence = untilAsked;
        Volatile.Write(ref lastHeard, time.GetTimestamp());
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

    private void Renew()
    {
        if (subscribing.IsCompleted) subscribing = SubscribeAsync();
    }

    // Beside the checks: a subscription may take long when the streams' own grains have died with a silo, and the log answers
    // meanwhile.
    private async Task SubscribeAsync()
    {
        try
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
        catch (Exception error) when (error is TrmException || ClusterCall.IsUnavailable(error))
        {
            Log.NotSubscribed(logger, market, error.Message);
        }
    }

    private enum Place
    {
        /// <summary>Nothing was missed.</summary>
        AtTheHead,

        /// <summary>The newest has not come yet, and may still.</summary>
        OneBehind,

        /// <summary>The stream did not bring what it should have; it was read from the log.</summary>
        Repaired,
    }

    // The moment of emission by this process's clock for durations; machines' clocks agree as far as they are kept.
    private long Here(DateTimeOffset emitted)
    {
        var age = time.GetUtcNow() - emitted;
        return Math.Max(1, time.GetTimestamp() - (long)(Math.Max(0, age.TotalSeconds) * time.TimestampFrequency));
    }
}
