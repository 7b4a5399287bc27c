namespace Trm.Storage;

/// <summary>Instants and durations as the database keeps them: whole microseconds, from 1970-01-01 UTC.</summary>
internal static class Microseconds
{
    public static long Of(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>For limits: instants are cut to the microsecond, so one at or after 10.3 µs is one at or after 11 µs.</summary>
    public static long Ceiling(DateTimeOffset instant)
    {
        var whole = Of(instant);
        return ToInstant(whole) < instant ? whole + 1 : whole;
    }

    public static DateTimeOffset ToInstant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static TimeSpan ToDuration(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);
}
