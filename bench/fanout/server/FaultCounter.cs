using Microsoft.Extensions.Logging;

namespace Trm.Bench.FanOut.Server;

/// <summary>Counts what nobody caught: log entries of level error and above, and exceptions that no task's owner looked at.</summary>
internal sealed class FaultCounter : ILoggerProvider, ILogger
{
    private long count;
    private volatile string? first;

    public FaultCounter()
    {
        TaskScheduler.UnobservedTaskException += (_, unobserved) => Note($"unobserved: {unobserved.Exception.InnerException ?? unobserved.Exception}");
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => Note($"unhandled: {unhandled.ExceptionObject}");
    }

    public long Count => Interlocked.Read(ref count);

    /// <summary>The first of them, in one line; null while there is none.</summary>
    public string? First => first;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Note($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
        // Counts on.
    }

    private void Note(string what)
    {
        Interlocked.Increment(ref count);
        first ??= what.ReplaceLineEndings(" ");
    }
}
