using Microsoft.Extensions.Time.Testing;
using Trm.Samples.TradingService.Calls;

namespace Trm.Cluster.Tests.TradingService;

public sealed class CallRecordTests
{
    private readonly FakeTimeProvider time = new();
    private readonly CallRecord record;

    public CallRecordTests() => record = new CallRecord(time);

    [Fact]
    public void A_call_that_was_answered_after_retries_is_one_call_and_no_failure()
    {
        var started = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(1.5));
        record.Answered(started, wasRetried: true);
        Assert.Equal(new CallReport(Count: 1, Retried: 1, Failures: 0, LongestOutageSeconds: 0, SlowestSeconds: 1.5), record.Report());
    }

    [Fact]
    public void An_outage_lasts_from_the_first_failed_call_to_the_next_answer()
    {
        Fail(after: 2);
        Fail(after: 2);
        Answer(after: 0.5);
        Answer(after: 0.1);
        Assert.Equal((4, 2, 4.5), (record.Report().Count, record.Report().Failures, record.Report().LongestOutageSeconds));
    }

    [Fact]
    public void Of_several_outages_the_longest_is_told()
    {
        Fail(after: 2);
        Answer(after: 3);
        Fail(after: 2);
        Answer(after: 1);
        Assert.Equal(5, record.Report().LongestOutageSeconds);
    }

    [Fact]
    public void An_outage_that_has_not_ended_lasts_until_now()
    {
        Fail(after: 2);
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(9, record.Report().LongestOutageSeconds);
    }

    private void Fail(double after)
    {
        var started = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(after));
        record.Failed(started);
    }

    private void Answer(double after)
    {
        var started = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(after));
        record.Answered(started, wasRetried: false);
    }
}
