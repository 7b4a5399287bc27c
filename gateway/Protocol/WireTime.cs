using System.Globalization;

namespace Trm.Gateway.Protocol;

/// <summary>Instants on the wire: UTC with microseconds, <c>2026-11-22T10:00:00.123456Z</c>.</summary>
internal static class WireTime
{
    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
