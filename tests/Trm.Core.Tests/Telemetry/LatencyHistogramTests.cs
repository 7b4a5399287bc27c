using Trm.Core.Telemetry;

namespace Trm.Core.Tests.Telemetry;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_right_to_within_a_bucket()
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 10_000; i++) histogram.Record(TimeSpan.FromMicroseconds(i));

        Assert.InRange(histogram.Percentile(0.50).TotalMicroseconds, 5_000, 5_313);
        Assert.InRange(histogram.Percentile(0.99).TotalMicroseconds, 9_900, 10_000);
        Assert.Equal(10_000, histogram.Max.TotalMicroseconds);
        Assert.Equal(10_000, histogram.Count);
    }

    [Fact]
    public void Nothing_counted_is_zero_and_extremes_stay_in_range()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.99));

        histogram.Record(TimeSpan.FromSeconds(-1));
        histogram.Record(TimeSpan.FromDays(30));

        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));
        Assert.True(histogram.Percentile(1) > TimeSpan.FromHours(1));
    }

    [Fact]
    public void More_steps_to_a_power_of_two_are_closer()
    {
        var histogram = new LatencyHistogram(stepBits: 7);
        for (var i = 1; i <= 100_000; i++) histogram.Record(TimeSpan.FromMicroseconds(i));

        Assert.InRange(histogram.Percentile(0.50).TotalMicroseconds, 50_000, 50_391);
        Assert.InRange(histogram.Percentile(0.99).TotalMicroseconds, 99_000, 99_774);
    }
}
