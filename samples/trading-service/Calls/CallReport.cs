namespace Trm.Samples.TradingService.Calls;

/// <summary>What happened to calls of one kind.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Retried">Those that were answered, though not at the first attempt.</param>
/// <param name="Failures">Those without an answer within their limit.</param>
/// <param name="LongestOutageSeconds">From the start of the first call of a run of failures to the next answer; 0 when none failed.</param>
/// <param name="SlowestSeconds">The longest wait for an answer, with its retries.</param>
internal sealed record CallReport(long Count, long Retried, long Failures, double LongestOutageSeconds, double SlowestSeconds);
