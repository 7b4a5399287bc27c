using Microsoft.Extensions.Logging;

namespace Trm.Gateway;

/// <summary>Everything the gateway logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Client {Client} ({Transport}) took nothing for {Seconds:F1} s; closing it with 4008")]
    public static partial void TooSlow(ILogger logger, string client, string transport, double seconds);

    [LoggerMessage(2, LogLevel.Error, "Connection of client {Client} ({Transport}) failed; closing it with 1011")]
    public static partial void ConnectionFailed(ILogger logger, Exception error, string client, string transport);

    [LoggerMessage(3, LogLevel.Error, "Client {Client}: {Command} failed")]
    public static partial void CommandFailed(ILogger logger, Exception error, string client, string command);

    [LoggerMessage(4, LogLevel.Error, "Prediction {Sequence} of market {Market} cannot be sent")]
    public static partial void Undeliverable(ILogger logger, Exception error, string market, long sequence);

    [LoggerMessage(5, LogLevel.Debug, "Event stream {Client} is gone")]
    public static partial void StreamLost(ILogger logger, string client);

    [LoggerMessage(6, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception error, string method, string? path);

    [LoggerMessage(8, LogLevel.Warning, "Client {Client}: the log of {Market} cannot be read for its replay; tried again")]
    public static partial void ReplayFailed(ILogger logger, Exception error, string client, string market);

    [LoggerMessage(9, LogLevel.Information, "Client {Client} ({Transport}) answers no ping; cutting it off")]
    public static partial void Vanished(ILogger logger, string client, string transport);

    [LoggerMessage(20, LogLevel.Information, "Access: everyone is served; 'trm keys add NAME' makes the first key, and from then on each call needs one")]
    public static partial void AccessOpen(ILogger logger);

    [LoggerMessage(21, LogLevel.Information, "Access: keys of {File}, {Configured} keys of the configuration, tokens of {Provider}")]
    public static partial void AccessControlled(ILogger logger, string file, int configured, string provider);

    [LoggerMessage(22, LogLevel.Information, "Access: the keys changed; there are {Count}")]
    public static partial void KeysChanged(ILogger logger, int count);

    [LoggerMessage(23, LogLevel.Error, "Access: the keys stay as they were: {Reason}")]
    public static partial void KeysNotRead(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Warning, "Access: keys travel in the clear to {Address}; serve https there, or name the proxy that does in Trm:Access:Proxies")]
    public static partial void KeysInTheClear(ILogger logger, string address);

    [LoggerMessage(7, LogLevel.Warning, "The model could not be loaded again; {Version} stays in use")]
    public static partial void ReloadFailed(ILogger logger, Exception error, string? version);
}
