using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeRuleTests
{
    private static readonly OutcomeRule Rule = OutcomeRule.UtilityV1;

    [Fact]
    public void Returns_and_utilities_are_those_computed_by_hand()
    {
        var outcome = Judge(TestCloses.Benchmark, TestCloses.Bond);

        for (var id = 0; id < Strategy.Count; id++)
        {
            Assert.Equal(TestCloses.Returns[id], outcome.Returns[id], 1e-15);
            Assert.Equal(TestCloses.Utilities[id], outcome.Utilities[id], 1e-15);
        }
        Assert.Equal("balanced_safe", outcome.Best.Name);
        Assert.Equal((TestCloses.Day(0), TestCloses.Day(5)), (outcome.Session, outcome.Settled));
    }

    [Fact]
    public void A_market_that_stands_still_is_worth_nothing_to_any_and_the_first_is_best()
    {
        var outcome = Judge([100, 100, 100, 100, 100, 100], [50, 50, 50, 50, 50, 50]);

        Assert.All(outcome.Utilities, u => Assert.Equal(0, u));
        Assert.All(Rule.Target(outcome.Utilities), t => Assert.Equal(1.0 / Strategy.Count, t, 1e-15));
        Assert.Equal(0, outcome.Best.Id);
    }

    [Fact]
    public void A_target_falls_by_e_for_each_temperature_of_utility_and_sums_to_1()
    {
        double[] utilities = [.. Enumerable.Range(0, Strategy.Count).Select(id => -id * Rule.Temperature)];

        var target = Rule.Target(utilities);

        Assert.Equal(1, target.Sum(), 1e-12);
        for (var id = 1; id < Strategy.Count; id++) Assert.Equal(Math.E, target[id - 1] / target[id], 1e-12);
    }

    [Fact]
    public void A_target_of_utilities_far_apart_is_finite() =>
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0], Rule.Target([500, -500, 0, 0, 0, 0, 0, 0]));

    [Fact]
    public void A_run_of_another_length_is_refused() =>
        Assert.Contains("5 after it", Assert.Throws<ArgumentException>(() => Rule.Judge(new Closes[5])).Message);

    private static SessionOutcome Judge(double[] benchmark, double[] bond) =>
        Rule.Judge([.. benchmark.Zip(bond).Select((c, day) => new Closes(TestCloses.Day(day), c.First, c.Second))]);
}
