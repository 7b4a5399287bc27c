using Trm.Core.Outcomes;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeSeriesTests
{
    private static readonly double[] Rising = [.. Enumerable.Range(0, 20).Select(i => 100.0 + i)];

    private readonly MemoryBars bars = new(TestCloses.Sessions(Rising, Rising));

    [Fact]
    public async Task A_session_has_an_outcome_from_the_fifth_session_after_it_on()
    {
        Assert.Equal([(0, 5), (1, 6), (2, 7)], await DaysAsync(null, TestCloses.Day(7)));
        Assert.Equal([], await DaysAsync(null, TestCloses.Day(4)));
    }

    [Fact]
    public async Task Nothing_after_the_last_date_is_read()
    {
        await DaysAsync(null, TestCloses.Day(7));

        Assert.Equal(8, bars.Read);
    }

    [Fact]
    public async Task A_range_starts_with_its_first_session() => Assert.Equal([(3, 8)], await DaysAsync(TestCloses.Day(3), TestCloses.Day(8)));

    [Fact]
    public async Task A_session_without_a_price_is_passed_over_and_its_neighbours_follow_each_other()
    {
        bars.Sessions[2] = bars.Sessions[2] with { Bars = bars.Sessions[2].Bars.Where(b => b.Key == "SPY").ToDictionary() };

        Assert.Equal([(0, 6), (1, 7), (3, 8)], await DaysAsync(null, TestCloses.Day(8)));
    }

    private async Task<List<(int, int)>> DaysAsync(DateOnly? from, DateOnly? to)
    {
        var days = Enumerable.Range(0, Rising.Length).ToDictionary(TestCloses.Day);
        return await OutcomeSeries.ReadAsync(bars, TestCloses.Market, OutcomeRule.UtilityV1, from, to)
            .Select(o => (days[o.Session], days[o.Settled])).ToListAsync();
    }
}
