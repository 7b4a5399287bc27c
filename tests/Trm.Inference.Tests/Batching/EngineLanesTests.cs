using Trm.Inference.Batching;

namespace Trm.Inference.Tests.Batching;

public sealed class EngineLanesTests
{
    private readonly EngineLanes engine = new(new FakeEngine(), 2, home => new BatchLane(home, 512, TimeProvider.System));

    [Fact]
    public void Before_anything_is_known_lanes_share_what_waits()
    {
        Assert.Equal(4, engine.Share(8, 512));
        engine.Lanes[0].Start(2, 0);
        Assert.Equal(5, engine.Share(8, 512));
    }

    [Fact]
    public void Lanes_that_hinder_each_other_at_small_batches_are_used_for_large_ones_only()
    {
        Measure(busy: 1, (1, 0.003), (8, 0.004), (64, 0.030));
        Measure(busy: 2, (1, 0.006), (8, 0.007), (64, 0.031));

        Assert.Equal(8, engine.Share(8, 512));
        Assert.Equal(128, engine.Share(256, 512));

        engine.Lanes[0].Start(8, 0);
        Assert.Null(engine.LaneFor(1, 512));
        Assert.NotNull(engine.LaneFor(256, 512));
    }

    [Fact]
    public void A_lane_is_not_left_idle_for_a_little_gain()
    {
        Measure(busy: 1, (1, 0.001), (64, 0.064));
        Measure(busy: 2, (1, 0.0021), (64, 0.1344));

        Assert.Equal(32, engine.Share(64, 512));
    }

    [Fact]
    public void A_way_to_share_that_looked_slow_is_tried_again()
    {
        Measure(busy: 1, (1, 0.001), (64, 0.064));
        Measure(busy: 2, (1, 0.0025), (64, 0.160));
        Assert.Equal(64, engine.Share(64, 512));

        for (var i = 0; i < 1_000; i++) engine.Took(busy: 1);

        Assert.Equal(32, engine.Share(64, 512));
    }

    private void Measure(int busy, params (int Rows, double Seconds)[] batches)
    {
        foreach (var (rows, seconds) in batches) engine.Record(rows, busy, seconds);
    }
}
