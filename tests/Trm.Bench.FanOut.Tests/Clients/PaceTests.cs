using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Tests.Clients;

public sealed class PaceTests
{
    private readonly List<long> grants = [];

    [Fact]
    public void A_server_is_never_further_ahead_of_the_slowest_client_than_it_may_be()
    {
        var pace = new Pace(clients: 3, ahead: 2, grants.Add);
        pace.Start();
        Assert.Equal([2], grants);

        // Two clients have both, the third has none.
        foreach (var broadcast in new[] { 1, 1, 2, 2 }) pace.OnArrival(broadcast);
        Assert.Equal([2], grants);

        pace.OnArrival(1);
        Assert.Equal([2, 3], grants);
        pace.OnArrival(2);
        Assert.Equal([2, 3, 4], grants);
        Assert.Equal(2, pace.Completed);
    }

    [Fact]
    public void It_is_done_when_all_that_was_granted_has_arrived_everywhere()
    {
        var pace = new Pace(clients: 1, ahead: 2, grants.Add);
        pace.Start();
        pace.OnArrival(1);
        pace.Stop();
        pace.OnArrival(2);
        Assert.False(pace.IsDone);
        pace.OnArrival(3);
        Assert.True(pace.IsDone);
        Assert.Equal([2, 3], grants);
    }

    [Fact]
    public void Its_counts_hold_over_any_number_of_broadcasts()
    {
        var pace = new Pace(clients: 2, ahead: 4, grants.Add);
        pace.Start();
        for (var broadcast = 1; broadcast <= 1_000; broadcast++)
        {
            pace.OnArrival(broadcast);
            pace.OnArrival(broadcast);
        }
        Assert.Equal((1_000, 1_004), (pace.Completed, pace.Granted));
    }
}
