using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// From the feed to every outbox. The feed's call only hands over, so that no number of clients slows the pipeline; one
/// loop serialises each prediction once and offers it to the lanes, with all that came while they were at work.
/// </summary>
internal sealed class FanOut : BackgroundService, IFeedListener
{
    /// <summary>Far more than a feed brings while the loop is at work; beyond it the oldest are dropped, as on any live stream.</summary>
    private const int Capacity = 8_192;

    /// <summary>Offered to a client in one step.</summary>
    private const int LargestRound = 256;

    private readonly IPredictionFeed feed;
    private readonly MarketHeads heads;
    private readonly RecentPredictions recent;
    private readonly ConnectionRegistry connections;
    private readonly TimeProvider time;
    private readonly ILogger<FanOut> logger;
    private readonly Channel<object> arrivals;
    private readonly List<PredictionFrame> round = [];
    private IDisposable? subscription;

    public FanOut(
        IPredictionFeed feed, MarketHeads heads, RecentPredictions recent, ConnectionRegistry connections, TimeProvider time, ILogger<FanOut> logger)
    {
        this.feed = feed;
        this.heads = heads;
        this.recent = recent;
        this.connections = connections;
        this.time = time;
        this.logger = logger;
        arrivals = Channel.CreateBounded<object>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => MessageCount.Dropped(1));
    }

    public void OnPrediction(Prediction prediction) => arrivals.Writer.TryWrite(prediction);

    public void OnError(PredictionError error) => arrivals.Writer.TryWrite(error);

    // Here rather than in ExecuteAsync, which runs in the background: when the start is over, nothing is missed.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = feed.Subscribe(this);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        subscription?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends after what had arrived, and without an exception: stopping is no failure.
        using var stop = stoppingToken.Register(() => arrivals.Writer.TryComplete());
        while (await arrivals.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (round.Count < LargestRound && arrivals.Reader.TryRead(out var arrival)) await TakeAsync(arrival);
            await OfferAsync();
        }
    }

    private async ValueTask TakeAsync(object arrival)
    {
        if (arrival is PredictionError error)
        {
            // In its turn: what came before it goes first.
            await OfferAsync();
            await connections.NotifyAsync(ServerMessages.PredictionError(error), error.Market);
        }
        else if (Serialise((Prediction)arrival) is { } undeliverable)
        {
            await TakeAsync(undeliverable);
        }
    }

    /// <summary>Adds a prediction to the round; the reason when it cannot be written.</summary>
    private PredictionError? Serialise(Prediction prediction)
    {
        try
        {
            var frame = PredictionFrame.Of(prediction, time.GetUtcNow());
            recent.Add(frame);
            heads.Advance(frame);
            round.Add(frame);
            return null;
        }
        catch (Exception error)
        {
            // One prediction that cannot be written must not end the stream of those that can.
            Log.Undeliverable(logger, error, prediction.Market, prediction.Sequence);
            var (code, message) = error is TrmException known ? (known.Code, known.Message) : (ErrorCodes.Internal, "the prediction could not be written");
            return new PredictionError(prediction.Market, code, message, time.GetUtcNow());
        }
    }

    private async ValueTask OfferAsync()
    {
        if (round.Count == 0) return;
        var frames = round.ToArray();
        round.Clear();
        await connections.OfferAsync(frames);
    }
}
