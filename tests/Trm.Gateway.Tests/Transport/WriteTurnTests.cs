using Trm.Gateway.Transport;

namespace Trm.Gateway.Tests.Transport;

public sealed class WriteTurnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private WriteTurn turn;

    [Fact]
    public void It_is_taken_once_until_it_is_left()
    {
        Assert.True(turn.TryTake());
        Assert.False(turn.TryTake());
        turn.Leave();
        Assert.True(turn.TryTake());
    }

    [Fact]
    public async Task Those_who_wait_have_it_in_the_order_they_came()
    {
        Assert.True(turn.TryTake());
        var first = turn.TakeAsync();
        var second = turn.TakeAsync();
        Assert.False(first.IsCompleted);

        turn.Leave();
        await first.WaitAsync(Patience);
        Assert.False(second.IsCompleted);
        Assert.False(turn.TryTake());

        turn.Leave();
        await second.WaitAsync(Patience);
        turn.Leave();
        Assert.True(turn.TryTake());
    }

    [Fact]
    public async Task Many_at_once_are_never_two_at_a_time_and_none_is_left_waiting()
    {
        var inside = 0;
        var entered = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                if (!turn.TryTake()) await turn.TakeAsync();
                Assert.Equal(1, Interlocked.Increment(ref inside));
                entered++;
                if (i % 7 == 0) await Task.Yield();
                Interlocked.Decrement(ref inside);
                turn.Leave();
            }
        }))).WaitAsync(Patience);
        Assert.Equal(16_000, entered);
    }
}
