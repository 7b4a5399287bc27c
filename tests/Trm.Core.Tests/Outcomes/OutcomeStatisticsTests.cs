using Trm.Core.Outcomes;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeStatisticsTests
{
    [Fact]
    public void Figures_are_those_computed_by_hand()
    {
        // Right with 0.5 and wrong with 0.25, where the best had (1 − 0.25)/7.
        var statistics = OutcomeStatistics.Of([Judged.Of(2, 0.5, best: 2), Judged.Of(3, 0.25, best: 7)], OutcomeRule.UtilityV1)!;

        var (a, b) = (0.5 / 7, 0.75 / 7);
        Assert.Equal(2, statistics.Sessions);
        Assert.Equal(0.5, statistics.HitRate);
        Assert.Equal(0.375, statistics.AverageConfidence);
        Assert.Equal((-Math.Log(0.5) - Math.Log(b)) / 2, statistics.HardLogLoss, 1e-7);
        // Utilities of 20 temperatures below the best leave it all of the soft target but 2e-9 each.
        Assert.Equal(statistics.HardLogLoss, statistics.LogLoss, 1e-6);
        Assert.Equal((0.25 + (7 * a * a) + ((1 - b) * (1 - b)) + (6 * b * b) + 0.0625) / 2, statistics.Brier, 1e-7);
        Assert.Equal((0.5 + 0.25) / 2, statistics.CalibrationError, 1e-7);
        Assert.Equal((-0.005, 0.0), (statistics.RealisedUtility, statistics.RealisedReturn));
        Assert.Equal(("balanced_safe", 0.5, -0.005), (statistics.BestConstant.Strategy.Name, statistics.BestConstant.HitRate, statistics.BestConstant.Utility));
    }

    [Fact]
    public void An_even_forecast_has_the_log_loss_of_eight_ways() =>
        Assert.Equal(Math.Log(8), OutcomeStatistics.Of([Judged.Of(0, 0.125, best: 5)], OutcomeRule.UtilityV1)!.LogLoss, 1e-7);

    [Fact]
    public void Of_nothing_there_are_no_figures() => Assert.Null(OutcomeStatistics.Of([], OutcomeRule.UtilityV1));

    [Fact]
    public void A_probability_of_zero_costs_much_and_not_infinity() => Assert.InRange(ForecastLoss.Log([0f, 1f, 0f, 0f, 0f, 0f, 0f, 0f], 0), 20, 30);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void The_best_is_in_the_top_3_by_probability_and_then_by_id(int best, bool expected) =>
        Assert.Equal(expected, Judged.Of(2, 0.5, best).IsInTop3);

    [Fact]
    public void Bins_hold_their_upper_ends_and_the_empty_ones_are_left_out()
    {
        var bins = ReliabilityBin.Of([Judged.Of(0, 0.25, best: 0), Judged.Of(0, 0.29, best: 1), Judged.Of(0, 0.5, best: 0), Judged.Of(0, 1, best: 0)]);

        Assert.Equal([(0.2, 0.3, 2, 0.5), (0.4, 0.5, 1, 1), (0.9, 1, 1, 1)], bins.Select(b => (b.From, b.To, b.Sessions, b.HitRate)));
    }

    [Fact]
    public void A_calibrated_forecast_has_no_calibration_error()
    {
        var predictions = Enumerable.Range(0, 8).Select(i => Judged.Of(0, 0.25, best: i % 4)).ToList();

        Assert.Equal(0, OutcomeStatistics.Of(predictions, OutcomeRule.UtilityV1)!.CalibrationError, 1e-7);
    }
}
