namespace Trm.Bench.FanOut.Clients;

/// <summary>Instants as every message tells them: <c>2026-11-22T10:00:00.123456Z</c>.</summary>
internal static class WireTime
{
    public const int Length = 27;

    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Microseconds since midnight: enough for the age of a message, and far quicker than the whole date.</summary>
    public static long MicrosecondsOfDay(ReadOnlySpan<byte> text) =>
        (((((Digits(text, 11, 2) * 60) + Digits(text, 14, 2)) * 60) + Digits(text, 17, 2)) * 1_000_000) + Digits(text, 20, 6);

    public static long MicrosecondsOfDay(DateTimeOffset instant) => instant.UtcDateTime.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>How old a message of the last twelve hours is; below zero when its clock is ahead.</summary>
    public static TimeSpan Age(ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        var age = MicrosecondsOfDay(now) - MicrosecondsOfDay(text);
        if (age < -MicrosecondsPerDay / 2) age += MicrosecondsPerDay; // midnight came between
        return TimeSpan.FromMicroseconds(age);
    }

    private static long Digits(ReadOnlySpan<byte> text, int start, int count)
    {
        var number = 0L;
        foreach (var digit in text.Slice(start, count)) number = (number * 10) + (digit - '0');
        return number;
    }
}
