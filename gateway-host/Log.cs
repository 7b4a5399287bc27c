using Microsoft.Extensions.Logging;

namespace Trm.Gateway.Host;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The cluster does not answer; clients stay, and are told")]
    public static partial void ClusterAway(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "The cluster answers again")]
    public static partial void ClusterBack(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "No cluster yet ({Reason}); looking on")]
    public static partial void ClusterNotFound(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Market} cannot be looked after now ({Reason}); tried again")]
    public static partial void MarketNotFollowed(ILogger logger, string market, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Market}: {First} to {Last} did not come by the stream; read from the log, and subscribed anew")]
    public static partial void Repaired(ILogger logger, string market, long first, long last);

    [LoggerMessage(7, LogLevel.Warning, "{Market}: not subscribed to its stream ({Reason}); tried again, and read from the log meanwhile")]
    public static partial void NotSubscribed(ILogger logger, string market, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Market}: {First} to {Last} cannot be read from the log ({Reason})")]
    public static partial void NotRepaired(ILogger logger, string market, long first, long last, string reason);
}
