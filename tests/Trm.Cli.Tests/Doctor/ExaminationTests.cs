using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Doctor;
using Trm.Cli.Tests.Doctor.Support;

namespace Trm.Cli.Tests.Doctor;

public class ExaminationTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeCheck well = new("well", _ => Found(Finding.Ok("fine")));

    [Fact]
    public async Task A_check_that_throws_fails_with_its_reason_and_the_others_go_on()
    {
        var broken = new FakeCheck("broken", _ => throw new InvalidOperationException("the pipe\nis blocked"));

        var found = await RunAsync(broken, well);

        Assert.Equal([("broken", Finding.Fail("the pipe is blocked")), ("well", Finding.Ok("fine"))], found);
    }

    [Fact]
    public async Task A_check_that_hangs_fails_after_ten_seconds_and_holds_up_no_other()
    {
        var never = new TaskCompletionSource<IReadOnlyList<Finding>>();
        var hangs = new FakeCheck("hangs", _ => never.Task);
        await using var found = new Examination([well, hangs], time).RunAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await found.MoveNextAsync());
        Assert.Equal(("well", Finding.Ok("fine")), found.Current);

        var next = found.MoveNextAsync();
        time.Advance(Examination.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await next);
        Assert.Equal(("hangs", Verdict.Fail), (found.Current.Check, found.Current.Finding.Verdict));
        Assert.Contains("within 10 s", found.Current.Finding.Found);
    }

    [Fact]
    public async Task A_check_is_asked_to_end_before_the_limit_and_what_it_knows_then_counts()
    {
        var asked = new TaskCompletionSource();
        var run = RunAsync(new FakeCheck("slow", async cancellation =>
        {
            using var end = cancellation.Register(asked.SetResult);
            await asked.Task;
            return [Finding.Warn("half of it is fine", "look at the rest")];
        }));

        time.Advance(Examination.Limit - TimeSpan.FromMilliseconds(1));

        Assert.Equal([("slow", Finding.Warn("half of it is fine", "look at the rest"))], await run);
    }

    private static Task<IReadOnlyList<Finding>> Found(params Finding[] findings) => Task.FromResult<IReadOnlyList<Finding>>(findings);

    private async Task<List<(string Check, Finding Finding)>> RunAsync(params IDoctorCheck[] checks) =>
        await new Examination(checks, time).RunAsync(TestContext.Current.CancellationToken).ToListAsync();
}
