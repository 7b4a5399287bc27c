namespace Trm.Storage;

/// <summary>Instants and durations as the database keeps them: whole microseconds, from 1970-01-01 UTC.</summary>
internal static class Microseconds
{
    public static long Of(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static TimeSpan ToDuration(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);
}
