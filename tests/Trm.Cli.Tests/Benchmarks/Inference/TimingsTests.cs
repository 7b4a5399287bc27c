using Trm.Cli.Benchmarks.Inference;

namespace Trm.Cli.Tests.Benchmarks.Inference;

public sealed class TimingsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 1, 1, 2)]
    [InlineData(5, 1, 3, 5)]
    [InlineData(100, 1, 50, 99)]
    [InlineData(1_000, 1, 500, 990)]
    public void Of_the_first_n_numbers_the_percentiles_are_the_nearest_ranks(int count, double minimum, double median, double p99)
    {
        var timings = new Timings();
        timings.Add(Enumerable.Range(1, count).Reverse().Select(i => (double)i));

        Assert.Equal((count, minimum, median, p99), (timings.Count, timings.Minimum, timings.Median, timings.P99));
    }

    [Fact]
    public void Calls_that_come_later_count_too()
    {
        var timings = new Timings();
        timings.Add([3, 4]);
        Assert.Equal(3, timings.Minimum);
        timings.Add([1]);

        Assert.Equal((1, 3), (timings.Minimum, timings.Median));
    }

    [Fact]
    public void Without_calls_there_is_no_percentile() => Assert.Throws<InvalidOperationException>(() => new Timings().Median);
}
