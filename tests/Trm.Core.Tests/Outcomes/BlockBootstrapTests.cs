using Trm.Core.Outcomes;

namespace Trm.Core.Tests.Outcomes;

public sealed class BlockBootstrapTests
{
    [Fact]
    public void The_same_seed_draws_the_same_interval_and_another_another()
    {
        var values = Walk(300, 0);

        Assert.Equal(new BlockBootstrap().Interval(values), new BlockBootstrap().Interval(values));
        Assert.NotEqual(new BlockBootstrap().Interval(values), new BlockBootstrap(Seed: 2).Interval(values));
    }

    [Fact]
    public void Values_that_are_all_alike_leave_no_doubt() => Assert.Equal((3, 3), new BlockBootstrap().Interval([.. Enumerable.Repeat(3.0, 40)]));

    [Fact]
    public void Independent_values_have_the_interval_of_the_normal_law()
    {
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, 2_000).Select(_ => random.NextDouble())];

        var (low, high) = new BlockBootstrap(BlockLength: 1).Interval(values);

        // Standard deviation of the uniform law over √n, 1.96 times to either side.
        Assert.Equal(2 * 1.96 * Math.Sqrt(1.0 / 12 / 2_000), high - low, 0.0025);
        Assert.InRange(values.Average(), low, high);
    }

    [Fact]
    public void Values_that_resemble_their_neighbours_make_blocks_doubt_more_than_single_ones()
    {
        var values = Walk(1_000, 3);

        Assert.True(Width(new BlockBootstrap(BlockLength: 20)) > 1.5 * Width(new BlockBootstrap(BlockLength: 1)));

        double Width(BlockBootstrap bootstrap)
        {
            var (low, high) = bootstrap.Interval(values);
            return high - low;
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(0.9, 3.7)]
    [InlineData(1, 4)]
    public void A_percentile_lies_between_its_neighbours(double share, double expected) =>
        Assert.Equal(expected, Percentile.OfSorted([1, 2, 3, 4], share), 1e-12);

    // Each value has four fifths of the one before it.
    private static double[] Walk(int count, int seed)
    {
        var (random, last) = (new Random(seed), 0.0);
        return [.. Enumerable.Range(0, count).Select(_ => last = (0.8 * last) + random.NextDouble() - 0.5)];
    }
}
