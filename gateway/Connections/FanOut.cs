using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// From the feed to every outbox. The feed's call only hands over, so that no number of clients slows the
/// pipeline; one loop serialises each prediction once and offers it to all.
/// </summary>
internal sealed class FanOut : BackgroundService, IFeedListener
{
    /// <summary>Far more than a feed brings while the loop is at work; beyond it the oldest are dropped, as on any live stream.</summary>
    private const int Capacity = 8_192;

    private readonly IPredictionFeed feed;
    private readonly MarketHeads heads;
    private readonly ConnectionRegistry connections;
    private readonly TimeProvider time;
    private readonly ILogger<FanOut> logger;
    private readonly Channel<object> arrivals;
    private IDisposable? subscription;

    public FanOut(IPredictionFeed feed, MarketHeads heads, ConnectionRegistry connections, TimeProvider time, ILogger<FanOut> logger)
    {
        this.feed = feed;
        this.heads = heads;
        this.connections = connections;
        this.time = time;
        this.logger = logger;
        arrivals = Channel.CreateBounded<object>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => TrmTelemetry.Messages.Add(1, Outcomes.Dropped));
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
        await foreach (var arrival in arrivals.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (arrival is Prediction prediction) Deliver(prediction);
            else Deliver((PredictionError)arrival);
        }
    }

    private void Deliver(Prediction prediction)
    {
        try
        {
            var frame = PredictionFrame.Of(prediction, time.GetUtcNow());
            heads.Advance(frame);
            connections.Offer(frame);
        }
        catch (Exception error)
        {
            // One prediction that cannot be written must not end the stream of those that can.
            Log.Undeliverable(logger, error, prediction.Market, prediction.Sequence);
            var (code, message) = error is TrmException known ? (known.Code, known.Message) : (ErrorCodes.Internal, "the prediction could not be written");
            Deliver(new PredictionError(prediction.Market, code, message, time.GetUtcNow()));
        }
    }

    private void Deliver(PredictionError error) => connections.Notify(ServerMessages.PredictionError(error), error.Market);
}
