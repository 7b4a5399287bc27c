using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Grains.Predictions;

/// <summary>
/// Tells a market's listeners what happened, by its stream. What is told is in the log already, so a stream that does not take
/// it holds nothing up: listeners repair the gap from the log.
/// </summary>
internal sealed class StreamPublisher(string market, IStreamProvider provider, TimeProvider time, ILogger logger) : IPredictionPublisher
{
    /// <summary>How long a stream may take; after that its queue's silo is dead or frozen.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly IAsyncStream<FeedEvent> stream = provider.GetStream<FeedEvent>(StreamId.Create(TrmStreams.Predictions, market));

    public ValueTask PublishAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        Log.Predicted(
            logger, prediction.Strategy.Name, prediction.Confidence * 100.0, market, prediction.Sequence, prediction.Origin.WireName(), prediction.TraceId);
        return EmitAsync(new FeedEvent(prediction, null), prediction.Sequence);
    }

    public ValueTask PublishErrorAsync(PredictionError error, CancellationToken cancellation = default)
    {
        TrmTelemetry.Predictions.Add(1, new("market", market), new("error", error.Code));
        // An error that has a name says enough in its line; one that nobody foresaw needs its stack.
        Log.NoPrediction(logger, market, error.Code, error.Cause?.Message ?? error.Message, error.Cause is TrmException ? null : error.Cause);
        return EmitAsync(new FeedEvent(null, error), 0);
    }

    private async ValueTask EmitAsync(FeedEvent happened, long sequence)
    {
        try
        {
            await stream.OnNextAsync(happened).WaitAsync(Limit, time);
        }
        catch (Exception error)
        {
            Log.NotEmitted(logger, market, "prediction", sequence, error.Message, "the log");
        }
    }
}
