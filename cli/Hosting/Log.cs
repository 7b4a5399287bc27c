using Microsoft.Extensions.Logging;

namespace Trm.Cli.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "TRM Prediction: {Strategy} (confidence={Confidence:0.0}%) market={Market} sequence={Sequence} source={Source} trace={TraceId}")]
    public static partial void Predicted(this ILogger logger, string strategy, double confidence, string market, long sequence, string source, string traceId);

    [LoggerMessage(2, LogLevel.Warning, "No prediction for {Market}: {Code}: {Message}")]
    public static partial void NoPrediction(this ILogger logger, string market, string code, string message, Exception? cause);

    [LoggerMessage(3, LogLevel.Information, "{Market}: {Reason}; {Predictions} predictions in {Seconds:0.00} s, {Rate:0} sessions/s")]
    public static partial void Ended(this ILogger logger, string market, string reason, long predictions, double seconds, double rate);

    [LoggerMessage(4, LogLevel.Information, "{Market}: {Source}{Why}, every {Interval}; log at sequence {Sequence} (epoch {Epoch})")]
    public static partial void Starting(this ILogger logger, string market, string source, string why, string interval, long sequence, Guid epoch);

    [LoggerMessage(5, LogLevel.Information, "Model {Version} ({FeatureSet}, H {Hidden}, T {Cycles}, n {Steps}) on {Engines}")]
    public static partial void ModelLoaded(this ILogger logger, string version, string featureSet, int hidden, int cycles, int steps, string engines);

    [LoggerMessage(6, LogLevel.Warning, "{Market} is simulated: the bars just pushed are stored, and used after a restart (or with --source live)")]
    public static partial void PushedToSimulated(this ILogger logger, string market);

    [LoggerMessage(7, LogLevel.Information, "Model {Version} on {Engines} replaced {Old}")]
    public static partial void ModelReloaded(this ILogger logger, string version, string engines, string old);

    [LoggerMessage(8, LogLevel.Error, "Model not reloaded, {Version} stays in use: {Code}: {Message}")]
    public static partial void ModelNotReloaded(this ILogger logger, string version, string code, string message, Exception? cause);

    [LoggerMessage(9, LogLevel.Debug, "{Market}: outcomes of {Sessions} sessions recorded")]
    public static partial void OutcomesRecorded(this ILogger logger, string market, int sessions);

    [LoggerMessage(10, LogLevel.Warning, "{Market}: outcomes are not recorded now, tried again: {Reason}")]
    public static partial void OutcomesNotRecorded(this ILogger logger, string market, string reason, Exception? cause);

    [LoggerMessage(11, LogLevel.Warning, "{Market}: {Feature} has drifted from what the model was trained on: index {Index:0.00}, over {Threshold} (newest {Sessions} sessions)")]
    public static partial void Drifted(this ILogger logger, string market, string feature, double index, double threshold, int sessions);
}
