using Trm.Core.Features;

namespace Trm.Core.Tests.Features;

public class StatisticsTests
{
    [Fact]
    public void Gini_is_zero_when_all_are_equal_and_near_one_when_one_has_everything()
    {
        Assert.Equal(0, Statistics.Gini([3, 3, 3, 3]), 12);
        Assert.Equal(0.75, Statistics.Gini([0, 8, 0, 0]), 12);
        Assert.Equal(0.25, Statistics.Gini([4, 1, 3, 2]), 12);
        Assert.Equal(double.NaN, Statistics.Gini([1]));
    }

    [Fact]
    public void Sample_deviation_divides_by_one_less_than_the_count()
    {
        Assert.Equal(Math.Sqrt(2.5), Statistics.SampleDeviation([1, 2, 3, 4, 5]), 12);
        Assert.Equal(double.NaN, Statistics.SampleDeviation([1]));
    }

    [Fact]
    public void Correlation_uses_only_positions_that_both_have()
    {
        double[] x = [1, 2, double.NaN, 3, 10];
        double[] y = [2, 4, 100, 6, double.NaN];

        Assert.Equal(1, Statistics.Correlation(x, y, minimumCommon: 3), 12);
        Assert.Equal(double.NaN, Statistics.Correlation(x, y, minimumCommon: 4));
        Assert.Equal(double.NaN, Statistics.Correlation([1, 2], [0.1, 0.1], minimumCommon: 2));
    }
}
