using System.Globalization;
using Trm.Hosting;

namespace Trm.Cli.Settings;

/// <summary>When a key stops working, as users write it.</summary>
internal static class KeyExpiry
{
    /// <summary>A day, from whose first moment (UTC) the key is not taken, or a number of hours or days from now.</summary>
    /// <exception cref="UsageException">It is neither, or not in the future.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        var instant = Day(text) ?? Later(text, now) ?? throw new UsageException($"--expires {text} is not a day like 2027-01-31, nor hours or days from now like 12h or 90d");
        return instant > now ? instant : throw new UsageException($"--expires {text} is not in the future");
    }

    private static DateTimeOffset? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : null;

    private static DateTimeOffset? Later(string text, DateTimeOffset now) =>
        text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 100_000
            ? text[^1] switch { 'h' => now.AddHours(number), 'd' => now.AddDays(number), _ => null }
            : null;
}
