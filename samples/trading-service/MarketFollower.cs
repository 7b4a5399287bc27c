using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.Samples.TradingService.Calls;

namespace Trm.Samples.TradingService;

/// <summary>
/// Hands over every prediction of one market from now on, in order, each once. The stream is the quick way and may lose or
/// repeat; the log is right: whatever the stream skips, or does not bring because the silo that carried it died, is read there.
/// </summary>
internal sealed class MarketFollower(Market market, IClusterClient cluster, ClusterCalls calls, TradingDesk desk, TimeProvider time, ILogger logger)
    : IAsyncObserver<FeedEvent>
{
    /// <summary>After so long without an event the log is asked whether there should have been one.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    // Longer than that of a question: an attempt that is given up may still leave a subscription behind.
    private static readonly TimeSpan SubscribePatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private const int Page = 500;

    // A full channel forgets the oldest; the log does not.
    private readonly Channel<Prediction> arrivals =
        Channel.CreateBounded<Prediction>(new BoundedChannelOptions(1_024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly IHistoryGrain log = cluster.GetGrain<IHistoryGrain>(market.Id);

    private StreamSubscriptionHandle<FeedEvent>? subscription;
    private bool hasBegun;
    private Guid epoch;
    private long last;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stop);
            }
            catch (ClusterException error)
            {
                Log.Waits(logger, market.Id, error.Code, error.Message);
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The end.
            }
        }
        await UnsubscribeAsync();
    }

    public Task OnNextAsync(FeedEvent item, StreamSequenceToken? token = null)
    {
        if (item.Prediction is { } prediction) arrivals.Writer.TryWrite(prediction);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private async Task FollowAsync(CancellationToken stop)
    {
        if (!hasBegun)
        {
            var head = await HeadAsync(stop);
            (hasBegun, epoch, last) = (true, head.Epoch, head.Sequence);
        }
        subscription ??= await SubscribeAsync(stop);
        while (true)
        {
            if (await NextAsync(stop) is { } prediction) await TakeAsync(prediction, stop);
            else if (await CatchUpAsync(stop) > 0) await RenewAsync(stop);
        }
    }

    private async Task<Prediction?> NextAsync(CancellationToken stop)
    {
        using var quiet = new CancellationTokenSource(Quiet, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, quiet.Token);
        try
        {
            return await arrivals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task TakeAsync(Prediction prediction, CancellationToken stop)
    {
        if (prediction.Epoch != epoch || prediction.Sequence > last + 1) await CatchUpAsync(stop);
        if (prediction.Epoch == epoch && prediction.Sequence == last + 1) HandOver(prediction);
    }

    /// <summary>Reads what the log has beyond the last one taken.</summary>
    /// <returns>How many those were.</returns>
    private async Task<long> CatchUpAsync(CancellationToken stop)
    {
        var head = await HeadAsync(stop);
        if (head.Epoch != epoch) (epoch, last) = (head.Epoch, 0); // The log started over.
        var before = last;
        while (last < head.Sequence)
        {
            var query = new LogQuery { After = last, Limit = Page };
            var page = await calls.AskAsync("history", () => log.ReadAsync(query), stop);
            if (page.Count == 0) break;
            foreach (var prediction in page) HandOver(prediction);
        }
        desk.CountRepaired(last - before);
        return last - before;
    }

    private void HandOver(Prediction prediction)
    {
        last = prediction.Sequence;
        desk.Take(market, prediction);
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        Log.Renews(logger, market.Id, last);
        desk.CountRenewal();
        await UnsubscribeAsync();
        subscription = await SubscribeAsync(stop);
    }

    private Task<LogHead> HeadAsync(CancellationToken stop) => calls.AskAsync("history", log.HeadAsync, stop);

    private Task<StreamSubscriptionHandle<FeedEvent>> SubscribeAsync(CancellationToken stop) => calls.AskAsync("subscribe", () => cluster
        .GetStreamProvider(TrmStreams.Provider).GetStream<FeedEvent>(StreamId.Create(TrmStreams.Predictions, market.Id)).SubscribeAsync(this), stop, SubscribePatience);

    private async Task UnsubscribeAsync()
    {
        if (subscription is not { } old) return;
        subscription = null;
        try
        {
            await ClusterCall.RunAsync(() => old.UnsubscribeAsync().WaitAsync(ClusterCalls.Patience, time));
        }
        catch (ClusterException error)
        {
            // Events of a subscription that lives on come twice, and are taken once.
            Log.Waits(logger, market.Id, error.Code, error.Message);
        }
    }
}
