using Trm.Core.Markets;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Markets;

public class ExchangeCalendarTests
{
    // As the exchange published them, year by year, with the closures that came unannounced.
    private const string Published =
        """
        2010-01-01 2010-01-18 2010-02-15 2010-04-02 2010-05-31 2010-07-05 2010-09-06 2010-11-25 2010-12-24
        2011-01-17 2011-02-21 2011-04-22 2011-05-30 2011-07-04 2011-09-05 2011-11-24 2011-12-26
        2012-01-02 2012-01-16 2012-02-20 2012-04-06 2012-05-28 2012-07-04 2012-09-03 2012-10-29 2012-10-30 2012-11-22 2012-12-25
        2013-01-01 2013-01-21 2013-02-18 2013-03-29 2013-05-27 2013-07-04 2013-09-02 2013-11-28 2013-12-25
        2014-01-01 2014-01-20 2014-02-17 2014-04-18 2014-05-26 2014-07-04 2014-09-01 2014-11-27 2014-12-25
        2015-01-01 2015-01-19 2015-02-16 2015-04-03 2015-05-25 2015-07-03 2015-09-07 2015-11-26 2015-12-25
        2016-01-01 2016-01-18 2016-02-15 2016-03-25 2016-05-30 2016-07-04 2016-09-05 2016-11-24 2016-12-26
        2017-01-02 2017-01-16 2017-02-20 2017-04-14 2017-05-29 2017-07-04 2017-09-04 2017-11-23 2017-12-25
        2018-01-01 2018-01-15 2018-02-19 2018-03-30 2018-05-28 2018-07-04 2018-09-03 2018-11-22 2018-12-05 2018-12-25
        2019-01-01 2019-01-21 2019-02-18 2019-04-19 2019-05-27 2019-07-04 2019-09-02 2019-11-28 2019-12-25
        2020-01-01 2020-01-20 2020-02-17 2020-04-10 2020-05-25 2020-07-03 2020-09-07 2020-11-26 2020-12-25
        2021-01-01 2021-01-18 2021-02-15 2021-04-02 2021-05-31 2021-07-05 2021-09-06 2021-11-25 2021-12-24
        2022-01-17 2022-02-21 2022-04-15 2022-05-30 2022-06-20 2022-07-04 2022-09-05 2022-11-24 2022-12-26
        2023-01-02 2023-01-16 2023-02-20 2023-04-07 2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-11-23 2023-12-25
        2024-01-01 2024-01-15 2024-02-19 2024-03-29 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2024-12-25
        2025-01-01 2025-01-09 2025-01-20 2025-02-17 2025-04-18 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-27 2025-12-25
        2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-26 2026-12-25
        """;

    private readonly ExchangeCalendar newYork = ExchangeCalendar.Of(Make.Market());

    [Fact]
    public void New_York_is_closed_on_the_days_that_the_NYSE_published_and_on_no_other_weekday()
    {
        var closed = Days(new DateOnly(2010, 1, 1), new DateOnly(2026, 12, 31))
            .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !newYork.HasSession(day));

        Assert.Equal(Published.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(d => DateOnly.Parse(d)), closed);
    }

    [Theory]
    [InlineData("2026-11-25T20:59:59Z", "2026-11-24")] // before Wednesday's close
    [InlineData("2026-11-25T21:00:00Z", "2026-11-25")] // at it
    [InlineData("2026-11-26T22:00:00Z", "2026-11-25")] // Thanksgiving
    [InlineData("2026-11-30T03:00:00Z", "2026-11-27")] // Sunday evening in New York
    [InlineData("2026-07-06T19:59:00Z", "2026-07-02")] // Independence Day on a Saturday, kept on Friday; summer time
    public void The_newest_session_is_the_last_whose_close_is_past_in_the_exchanges_own_zone(string at, string session) =>
        Assert.Equal(DateOnly.Parse(session), newYork.LastClosed(DateTimeOffset.Parse(at)));

    [Fact]
    public void Elsewhere_only_weekends_are_known_and_it_says_so()
    {
        var berlin = ExchangeCalendar.Of(Make.Market() with { TimeZone = "Europe/Berlin" });

        Assert.True(newYork.KnowsHolidays);
        Assert.False(berlin.KnowsHolidays);
        Assert.True(berlin.HasSession(new DateOnly(2026, 11, 26)));
        Assert.False(berlin.HasSession(new DateOnly(2026, 11, 28)));
    }

    [Fact]
    public void A_range_has_its_sessions_in_order_and_none_when_it_ends_before_it_begins()
    {
        Assert.Equal(
            [new DateOnly(2026, 11, 25), new DateOnly(2026, 11, 27), new DateOnly(2026, 11, 30)],
            newYork.Sessions(new DateOnly(2026, 11, 25), new DateOnly(2026, 11, 30)));
        Assert.Empty(newYork.Sessions(new DateOnly(2026, 11, 25), new DateOnly(2026, 11, 24)));
    }

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var day = from; day <= to; day = day.AddDays(1)) yield return day;
    }
}
