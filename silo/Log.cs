using Microsoft.Extensions.Logging;

namespace Trm.Silo;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Model {Version} ({FeatureSet}) on {Engines}")]
    public static partial void ModelLoaded(ILogger logger, string version, string featureSet, string engines);

    [LoggerMessage(2, LogLevel.Information, "Model {Version} on {Engines} replaced {Old}")]
    public static partial void ModelReloaded(ILogger logger, string version, string engines, string old);

    [LoggerMessage(3, LogLevel.Error, "Model not reloaded, {Version} stays in use: {Code}: {Message}")]
    public static partial void ModelNotReloaded(ILogger logger, string version, string code, string message, Exception? cause);

    [LoggerMessage(4, LogLevel.Warning, "The GPU is not used: {Reason}")]
    public static partial void NoGpu(ILogger logger, string reason);
}
