namespace Trm.Cli.Benchmarks.Log;

/// <summary>The log that was measured.</summary>
/// <param name="Added">Rows that this run added to it.</param>
/// <param name="Took">To add them.</param>
/// <param name="TableBytes">Of the rows.</param>
/// <param name="IndexBytes">Of the two indexes.</param>
/// <param name="Server">PostgreSQL's version.</param>
internal sealed record LogFilled(long Added, TimeSpan Took, long TableBytes, long IndexBytes, string Server);
