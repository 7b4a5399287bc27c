using Microsoft.Extensions.Logging;

namespace Trm.Samples.TradingService;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Market {Market}: {Code}: {Message}")]
    public static partial void Waits(ILogger logger, string market, string code, string message);

    [LoggerMessage(2, LogLevel.Warning, "Market {Market}: the log is at {Sequence} and the stream said nothing; subscribing anew")]
    public static partial void Renews(ILogger logger, string market, long sequence);
}
