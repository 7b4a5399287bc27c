using Microsoft.Extensions.Time.Testing;
using Trm.GrainInterfaces;
using Trm.Samples.TradingService.Calls;

namespace Trm.Cluster.Tests.TradingService;

public sealed class ClusterCallsTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ClusterCalls calls;
    private int attempts;

    public ClusterCallsTests() => calls = new ClusterCalls(time);

    [Fact]
    public async Task A_call_that_nobody_answers_is_made_again()
    {
        Assert.Equal(3, await PassTime(calls.AskAsync("latest", () => ++attempts < 3 ? throw new TimeoutException() : Task.FromResult(attempts), default)));
        Assert.Equal((1, 1, 0), Counted());
    }

    [Fact]
    public async Task A_call_whose_answer_never_comes_is_made_again()
    {
        var never = new TaskCompletionSource<int>();
        Assert.Equal(2, await PassTime(calls.AskAsync("latest", () => ++attempts < 2 ? never.Task : Task.FromResult(attempts), default)));
        Assert.Equal((1, 1, 0), Counted());
    }

    [Fact]
    public async Task A_call_that_is_not_answered_within_its_limit_has_failed()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => PassTime(calls.AskAsync<int>("latest", () => throw new TimeoutException(), default)));
        Assert.Equal(ClusterException.Unavailable, error.Code);
        Assert.Equal((1, 0, 1), Counted());
    }

    [Fact]
    public async Task A_market_that_is_not_there_is_asked_for_once()
    {
        await Assert.ThrowsAsync<ClusterException>(() => calls.AskAsync<int>("latest", () => throw new ClusterException("unknown_market", $"{++attempts}"), default));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_not_counted()
    {
        using var stop = new CancellationTokenSource();
        var asking = calls.AskAsync("latest", () => new TaskCompletionSource<int>().Task, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal((0, 0, 0), Counted());
    }

    private (long, long, long) Counted() => calls.Report()["latest"] is var report ? (report.Count, report.Retried, report.Failures) : default;

    private async Task<int> PassTime(Task<int> asking)
    {
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        return await asking;
    }
}
