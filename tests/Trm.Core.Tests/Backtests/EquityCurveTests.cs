using Trm.Core.Backtests;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Tests.Outcomes;

namespace Trm.Core.Tests.Backtests;

public sealed class EquityCurveTests
{
    private static readonly Strategy Defensive = Strategy.All[1];
    private static readonly Strategy Growth = Strategy.All[5];

    [Fact]
    public void A_decision_is_held_from_its_close_to_the_next_decisions()
    {
        var curve = Hold([100, 110, 99, 99], [50, 50, 55, 55], (0, Growth), (2, Defensive));

        // 90 % of +10 %; then 90 % of −10 % and 10 % of +10 %; then nothing moves.
        Assert.Equal([1, 1.09, 1.0028, 1.0028], curve.Points.Select(p => Math.Round(p.Equity, 12)));
        Assert.Equal((1.09 * 0.92) - 1, curve.TotalReturn, 1e-12);
        Assert.Equal(0.08, curve.MaxDrawdown, 1e-12);
    }

    [Fact]
    public void It_starts_with_the_first_decision()
    {
        var curve = Hold([100, 50, 100, 110], [50, 50, 50, 50], (2, Growth));

        Assert.Equal([TestCloses.Day(2), TestCloses.Day(3)], curve.Points.Select(p => p.Session));
        Assert.Equal(0.09, curve.TotalReturn, 1e-12);
    }

    [Fact]
    public void A_change_of_strategy_costs_what_it_buys_and_sells()
    {
        // From 90/10 to 40/30: half of the equity out of the benchmark, a fifth of it into the bond.
        var curve = Hold([100, 100, 100], [50, 50, 50], costBasisPoints: 10, (0, Growth), (1, Defensive), (2, Defensive));

        Assert.Equal(-0.7 * 0.001, curve.TotalReturn, 1e-12);
        Assert.Equal(0.7 * 252 / 2, curve.TurnoverPerYear, 1e-9);
    }

    [Fact]
    public void Volatility_and_return_are_of_a_year_of_252_sessions()
    {
        // +9 % and −9 % by turns.
        double[] benchmark = [.. Enumerable.Range(0, 253).Select(i => Math.Pow(1.1 * 0.9, i / 2) * (i % 2 == 0 ? 100 : 110))];
        var curve = Hold(benchmark, [.. benchmark.Select(_ => 50.0)], (0, Growth));

        Assert.Equal(curve.TotalReturn, curve.AnnualReturn, 1e-12);
        Assert.Equal(0.09 * Math.Sqrt(252) * Math.Sqrt(252.0 / 251), curve.Volatility, 1e-9);
    }

    private static EquityCurve Hold(double[] benchmark, double[] bond, params (int Day, Strategy Strategy)[] decisions) => Hold(benchmark, bond, 0, decisions);

    private static EquityCurve Hold(double[] benchmark, double[] bond, double costBasisPoints, params (int Day, Strategy Strategy)[] decisions) => EquityCurve.Of(
        benchmark.Zip(bond).Select((c, day) => new Closes(TestCloses.Day(day), c.First, c.Second)),
        decisions.ToDictionary(d => TestCloses.Day(d.Day), d => d.Strategy),
        costBasisPoints);
}
