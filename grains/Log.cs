using Microsoft.Extensions.Logging;

namespace Trm.Grains;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "TRM Prediction: {Strategy} (confidence={Confidence:0.0}%) market={Market} sequence={Sequence} source={Source} trace={TraceId}")]
    public static partial void Predicted(ILogger logger, string strategy, double confidence, string market, long sequence, string source, string traceId);

    [LoggerMessage(2, LogLevel.Warning, "No prediction for {Market}: {Code}: {Message}")]
    public static partial void NoPrediction(ILogger logger, string market, string code, string message, Exception? cause);

    [LoggerMessage(3, LogLevel.Warning, "{Market} not started, tried again: {Reason}")]
    public static partial void MarketNotStarted(ILogger logger, string market, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Market}: {Source}, every {Interval}; next sequence {Sequence} (epoch {Epoch}), {Pending} snapshots wait")]
    public static partial void SourceStarted(ILogger logger, string market, string source, TimeSpan interval, long sequence, Guid epoch, int pending);

    [LoggerMessage(5, LogLevel.Information, "{Market}: {Reason}")]
    public static partial void SourceEnded(ILogger logger, string market, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Market}: {Event} {Sequence} did not reach its stream ({Reason}); it is repaired from {Repair}")]
    public static partial void NotEmitted(ILogger logger, string market, string @event, long sequence, string reason, string repair);

    [LoggerMessage(7, LogLevel.Warning, "{Market}: this source is not the only one, or its state was written elsewhere; it starts over from what is stored ({Reason})")]
    public static partial void SourceSuperseded(ILogger logger, string market, string reason);

    [LoggerMessage(8, LogLevel.Warning, "{Market}: no reminder ({Reason}); the silos still start the market when one of them dies")]
    public static partial void NoReminder(ILogger logger, string market, string reason);

    [LoggerMessage(9, LogLevel.Warning, "{Market}: snapshot {Sequence} is dropped, the model cannot take it")]
    public static partial void SnapshotRejected(ILogger logger, string market, long sequence);

    [LoggerMessage(10, LogLevel.Warning, "{Grain}.{Method} failed: {Code}: {Message}")]
    public static partial void CallFailed(ILogger logger, string grain, string method, string code, string message, Exception error);

    [LoggerMessage(11, LogLevel.Debug, "{Market}: outcomes of {Sessions} sessions recorded")]
    public static partial void OutcomesRecorded(ILogger logger, string market, int sessions);

    [LoggerMessage(12, LogLevel.Warning, "{Market}: outcomes are not recorded now, tried again: {Reason}")]
    public static partial void OutcomesNotRecorded(ILogger logger, string market, string reason, Exception? cause);

    [LoggerMessage(13, LogLevel.Warning, "{Market}: {Feature} has drifted from what the model was trained on: index {Index:0.00}, over {Threshold} (newest {Sessions} sessions)")]
    public static partial void Drifted(ILogger logger, string market, string feature, double index, double threshold, int sessions);
}
