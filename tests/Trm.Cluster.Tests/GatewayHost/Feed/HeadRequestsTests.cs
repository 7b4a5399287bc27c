using Trm.Core.Predictions;
using Trm.Gateway.Host.Feed;

namespace Trm.Cluster.Tests.GatewayHost.Feed;

public sealed class HeadRequestsTests
{
    private readonly List<TaskCompletionSource<LogHead>> asked = [];
    private readonly HeadRequests requests;

    public HeadRequestsTests() => requests = new HeadRequests(() =>
    {
        var request = new TaskCompletionSource<LogHead>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Add(request);
        return request.Task;
    });

    [Fact]
    public async Task One_who_asks_is_answered()
    {
        var answer = requests.AskAsync();
        var head = Answer(0);
        Assert.Same(head, await answer);
    }

    [Fact]
    public async Task Who_asks_while_a_request_is_under_way_shares_the_next_one()
    {
        var first = requests.AskAsync();
        var meanwhile = Enumerable.Range(0, 5).Select(_ => requests.AskAsync()).ToList();
        Assert.Single(asked);
        var old = Answer(0);
        Assert.Same(old, await first);
        await AskedAsync(2);
        // What the first was told may be from before they asked.
        Assert.All(meanwhile, waiting => Assert.False(waiting.IsCompleted));
        var fresh = Answer(1);
        foreach (var waiting in meanwhile) Assert.Same(fresh, await waiting);
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task Who_asks_while_the_next_one_is_under_way_shares_the_one_after()
    {
        var first = requests.AskAsync();
        var second = requests.AskAsync();
        Answer(0);
        await first;
        await AskedAsync(2);
        var third = requests.AskAsync();
        var head = Answer(1);
        Assert.Same(head, await second);
        await AskedAsync(3);
        Assert.False(third.IsCompleted);
        var last = Answer(2);
        Assert.Same(last, await third);
    }

    [Fact]
    public async Task A_failed_one_fails_its_own_callers_only()
    {
        var first = requests.AskAsync();
        var second = requests.AskAsync();
        asked[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await AskedAsync(2);
        var head = Answer(1);
        Assert.Same(head, await second);

        var third = requests.AskAsync();
        asked[2].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => third);
        var fourth = requests.AskAsync();
        head = Answer(3);
        Assert.Same(head, await fourth);
    }

    [Fact]
    public async Task An_answer_is_not_kept_for_who_asks_later()
    {
        var first = requests.AskAsync();
        Answer(0);
        await first;
        var second = requests.AskAsync();
        var fresh = Answer(1);
        Assert.Same(fresh, await second);
    }

    [Fact]
    public async Task A_request_that_cannot_even_be_made_fails_its_own_callers_only()
    {
        var fails = true;
        var head = new LogHead(Guid.NewGuid(), null);
        var own = new HeadRequests(() => fails ? throw new InvalidOperationException() : Task.FromResult(head));
        await Assert.ThrowsAsync<InvalidOperationException>(() => own.AskAsync());
        fails = false;
        Assert.Same(head, await own.AskAsync());
    }

    private LogHead Answer(int request)
    {
        var head = new LogHead(Guid.NewGuid(), null);
        asked[request].SetResult(head);
        return head;
    }

    private Task AskedAsync(int count) => Support.Eventually.TrueAsync(() => asked.Count >= count);
}
