using System.Runtime.CompilerServices;
using Npgsql;
using Trm.Hosting;

namespace Trm.Cli.Settings;

/// <summary>PostgreSQL connections as users write them: <c>Host=db;Database=trm</c>, or a URL. Messages repeat neither, for their passwords.</summary>
internal static class PostgresConnection
{
    /// <summary>The connection string, or null when the text is something else (a folder).</summary>
    /// <exception cref="UsageException">It is meant to be one, and cannot be read.</exception>
    public static string? TryParse(string text)
    {
        var isUrl = text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
        return isUrl || text.Split(';').Any(IsHost) ? Read(text, isUrl) : null;
    }

    /// <summary>The connection string.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static string Parse(string text) =>
        TryParse(text) ?? throw new UsageException("--connection is no PostgreSQL connection; write Host=db;Username=trm;Password=…;Database=trm or postgres://trm:…@db/trm");

    private static bool IsHost(string pair) =>
        pair.Split('=', 2) is [var key, _] && key.Trim() is var name
        && (name.Equals("host", StringComparison.OrdinalIgnoreCase) || name.Equals("server", StringComparison.OrdinalIgnoreCase));

    // By itself: who keeps a folder does not load Npgsql.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Read(string text, bool isUrl)
    {
        try
        {
            return (isUrl ? OfUrl(new Uri(text)) : new NpgsqlConnectionStringBuilder(text)).ConnectionString;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException)
        {
            throw new UsageException($"the PostgreSQL connection cannot be read ({error.Message}); write Host=db;Username=trm;Password=…;Database=trm or postgres://trm:…@db/trm");
        }
    }

    private static NpgsqlConnectionStringBuilder OfUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = url.Host };
        if (url.Port > 0) builder.Port = url.Port;
        if (url.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)))
        {
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }
        return builder;
    }
}
