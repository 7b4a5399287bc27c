using System.Diagnostics.CodeAnalysis;

namespace Trm.Storage.Bars;

/// <summary>A session's date as the database keeps it: the integer yyyymmdd.</summary>
internal static class SessionKey
{
    public static long Of(DateOnly date) => (date.Year * 10_000) + (date.Month * 100) + date.Day;

    public static DateOnly ToDate(long key) => new((int)(key / 10_000), (int)(key / 100 % 100), (int)(key % 100));

    [return: NotNullIfNotNull(nameof(key))]
    public static DateOnly? ToDate(long? key) => key is { } known ? ToDate(known) : null;
}
