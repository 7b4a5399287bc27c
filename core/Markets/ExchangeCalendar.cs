namespace Trm.Core.Markets;

/// <summary>
/// On which dates a market's exchange has a session: never at weekends, and where the market is New York's not on the full-day
/// holidays of the NYSE. Holidays of other exchanges are not known here: their calendars expect a session on each weekday. A day
/// that ends early (13:00 in New York) is a session whose bars are expected at the usual close.
/// </summary>
public sealed class ExchangeCalendar
{
    private const string NewYork = "America/New_York";

    private readonly Market market;

    private ExchangeCalendar(Market market) => this.market = market;

    /// <summary>The calendar of a market, by its time zone.</summary>
    public static ExchangeCalendar Of(Market market) => new(market);

    /// <summary>Whether the exchange's holidays are known, and not only its weekends.</summary>
    public bool KnowsHolidays => market.TimeZone == NewYork;

    /// <summary>Whether there is a session on a date of the exchange.</summary>
    public bool HasSession(DateOnly date) =>
        date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !(KnowsHolidays && NyseHolidays.Includes(date));

    /// <summary>The newest session that had closed at an instant.</summary>
    public DateOnly LastClosed(DateTimeOffset at)
    {
        var date = market.LastClosed(at);
        while (!HasSession(date)) date = date.AddDays(-1);
        return date;
    }

    /// <summary>The sessions of a range, both ends included; none when it ends before it begins.</summary>
    public IEnumerable<DateOnly> Sessions(DateOnly from, DateOnly to)
    {
        for (var date = from; date <= to; date = date.AddDays(1))
        {
            if (HasSession(date)) yield return date;
        }
    }
}
