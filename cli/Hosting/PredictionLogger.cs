using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Cli.Hosting;

/// <summary>One log line for each prediction, and for each tick that made none.</summary>
internal sealed class PredictionLogger(ILogger<PredictionLogger> logger) : IFeedListener
{
    public void OnPrediction(Prediction prediction) => logger.Predicted(
        prediction.Strategy.Name, prediction.Confidence * 100.0, prediction.Market, prediction.Sequence, prediction.Origin.WireName(), prediction.TraceId);

    public void OnError(PredictionError error) => logger.NoPrediction(error.Market, error.Code, error.Cause?.Message ?? error.Message, Unforeseen(error));

    // An error that has a name says enough in its line; one that nobody foresaw needs its stack.
    private static Exception? Unforeseen(PredictionError error) => error.Cause is TrmException ? null : error.Cause;
}
