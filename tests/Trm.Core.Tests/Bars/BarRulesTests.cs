using Trm.Core.Bars;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Bars;

public class BarRulesTests
{
    private static readonly Bar Good = new("SPY", new DateOnly(2020, 1, 2), 10, 11, 9, 10.5, 1000);

    public static TheoryData<Bar, string> Bad => new()
    {
        { Good with { Close = -1 }, "close -1 is not positive" },
        { Good with { Open = 0 }, "open 0 is not positive" },
        { Good with { High = 8 }, "high 8 is below low 9" },
        { Good with { Close = 12 }, "close 12 is outside low 9 to high 11" },
        { Good with { Open = double.NaN }, "open is NaN" },
        { Good with { High = double.PositiveInfinity }, "high is infinite" },
        { Good with { Volume = -5 }, "volume -5 is not a number from 0 up" },
        { Good with { Volume = double.NaN }, "volume NaN is not a number from 0 up" },
        { Good with { Symbol = "DOGE" }, "symbol DOGE is not in market m" },
        { Good with { Symbol = " " }, "symbol is empty" },
        { Good with { Session = default }, "date 0001-01-01 is not between 1900 and 2200" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_bar_is_refused_with_the_value_and_the_rule(Bar bar, string reason) =>
        Assert.Equal(reason, BarRules.Reject(bar, Make.Market()));

    [Fact]
    public void A_session_that_has_not_come_is_refused_and_todays_is_not()
    {
        Assert.Equal("date 2020-01-02 lies ahead; at the exchange it is 2020-01-01", BarRules.Reject(Good, Make.Market(), new DateOnly(2020, 1, 1)));
        Assert.Null(BarRules.Reject(Good, Make.Market(), Good.Session));
    }

    [Fact]
    public void A_good_bar_and_one_off_by_rounding_pass()
    {
        Assert.Null(BarRules.Reject(Good, Make.Market()));
        Assert.Null(BarRules.Reject(Good with { Close = 11.0000001 }, Make.Market()));
    }
}
