namespace Trm.Samples.TradingService.Calls;

/// <summary>
/// Counts calls of one kind. A call that was answered in the end, within its limit, is one call and no failure. Safe to use from
/// many threads.
/// </summary>
internal sealed class CallRecord(TimeProvider time)
{
    private readonly Lock gate = new();
    private long answered;
    private long retried;
    private long failures;
    private TimeSpan slowest;
    private TimeSpan longestOutage;
    private long? failingSince;

    /// <summary>There was an answer: whatever failed before is over.</summary>
    /// <param name="started">Timestamp of the call's first attempt.</param>
    /// <param name="wasRetried">Whether it took more than one.</param>
    public void Answered(long started, bool wasRetried)
    {
        var took = time.GetElapsedTime(started);
        lock (gate)
        {
            answered++;
            if (wasRetried) retried++;
            if (took > slowest) slowest = took;
            longestOutage = Outage();
            failingSince = null;
        }
    }

    /// <summary>There was none.</summary>
    /// <param name="started">Timestamp of the call's first attempt: from then on there was no answer.</param>
    public void Failed(long started)
    {
        lock (gate)
        {
            failures++;
            if (failingSince is null || started < failingSince) failingSince = started;
        }
    }

    public CallReport Report()
    {
        lock (gate) return new CallReport(answered + failures, retried, failures, Outage().TotalSeconds, slowest.TotalSeconds);
    }

    private TimeSpan Outage() => failingSince is { } since && time.GetElapsedTime(since) is var outage && outage > longestOutage ? outage : longestOutage;
}
