using System.Collections.Frozen;

namespace Trm.Core.Markets;

/// <summary>
/// The days on which the New York Stock Exchange stays closed, by its Rule 7.2 as it is since 1998; and those closures since then
/// that no rule tells, as far as they are past. Not covered: early closes, and closures that are yet to be announced.
/// </summary>
internal static class NyseHolidays
{
    private const int FirstJuneteenth = 2022;

    private static readonly FrozenSet<DateOnly> Unscheduled = new DateOnly[]
    {
        new(2001, 9, 11), new(2001, 9, 12), new(2001, 9, 13), new(2001, 9, 14), // attacks on New York
        new(2004, 6, 11), new(2007, 1, 2), new(2018, 12, 5), new(2025, 1, 9), // mourning for presidents
        new(2012, 10, 29), new(2012, 10, 30), // a hurricane
    }.ToFrozenSet();

    /// <summary>Whether the exchange is closed all day on a date that is no weekend.</summary>
    public static bool Includes(DateOnly date) => OfYear(date.Year).Contains(date) || Unscheduled.Contains(date);

    private static IEnumerable<DateOnly> OfYear(int year)
    {
        // On a Saturday it is not made up for: the Friday before ends the year's books.
        var newYear = new DateOnly(year, 1, 1);
        yield return newYear.DayOfWeek == DayOfWeek.Saturday ? newYear : Observed(newYear);
        yield return Nth(3, DayOfWeek.Monday, year, 1); // Martin Luther King
        yield return Nth(3, DayOfWeek.Monday, year, 2); // Washington's birthday
        yield return Easter(year).AddDays(-2); // Good Friday
        yield return Nth(1, DayOfWeek.Monday, year, 6).AddDays(-7); // Memorial Day, the last Monday of May
        if (year >= FirstJuneteenth) yield return Observed(new DateOnly(year, 6, 19));
        yield return Observed(new DateOnly(year, 7, 4)); // Independence Day
        yield return Nth(1, DayOfWeek.Monday, year, 9); // Labor Day
        yield return Nth(4, DayOfWeek.Thursday, year, 11); // Thanksgiving
        yield return Observed(new DateOnly(year, 12, 25)); // Christmas
    }

    private static DateOnly Observed(DateOnly holiday) => holiday.DayOfWeek switch
    {
        DayOfWeek.Saturday => holiday.AddDays(-1),
        DayOfWeek.Sunday => holiday.AddDays(1),
        _ => holiday,
    };

    private static DateOnly Nth(int n, DayOfWeek day, int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((int)day - (int)first.DayOfWeek + 7) % 7 + (7 * (n - 1)));
    }

    // The Gregorian Easter by the algorithm of Meeus, Jones and Butcher.
    private static DateOnly Easter(int year)
    {
        var (century, ofCentury) = Math.DivRem(year, 100);
        var golden = year % 19;
        var epact = ((19 * golden) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - epact - (ofCentury % 4)) % 7;
        var shift = (golden + (11 * epact) + (22 * weekday)) / 451;
        var (month, day) = Math.DivRem(epact + weekday - (7 * shift) + 114, 31);
        return new DateOnly(year, month, day + 1);
    }
}
