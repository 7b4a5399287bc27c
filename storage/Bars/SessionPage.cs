using Microsoft.Data.Sqlite;
using Trm.Core.Bars;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Bars;

/// <summary>Some consecutive sessions, whole.</summary>
/// <param name="Sessions">In date order.</param>
/// <param name="Next">Where the next page starts; null when there is none.</param>
internal sealed record SessionPage(IReadOnlyList<Session> Sessions, long? Next)
{
    public static SessionPage Read(
        SqliteConnection connection, string market, Dictionary<string, string> symbols, long from, long to, int limit)
    {
        using var command = connection.Statement(
            """
            SELECT session, symbol, open, high, low, close, volume FROM bars
            WHERE market = $market AND session BETWEEN $from AND $to ORDER BY session, symbol
            """,
            ("$market", market), ("$from", from), ("$to", to));
        using var row = command.ExecuteReader();

        var sessions = new List<Session>(limit);
        var bars = new Dictionary<string, Bar>(symbols.Count, StringComparer.Ordinal);
        var current = 0L;
        while (row.Read())
        {
            var key = row.GetInt64(0);
            if (key != current)
            {
                Close();
                if (sessions.Count == limit) return new SessionPage(sessions, key);
                current = key;
            }
            // A symbol that has left the market's definition stays in the store, but is no part of its sessions.
            if (!symbols.TryGetValue(row.GetString(1), out var symbol)) continue;
            bars[symbol] = new Bar(
                symbol, SessionKey.ToDate(key), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6));
        }
        Close();
        return new SessionPage(sessions, null);

        void Close()
        {
            if (bars.Count == 0) return;
            sessions.Add(new Session(SessionKey.ToDate(current), bars));
            bars = new Dictionary<string, Bar>(symbols.Count, StringComparer.Ordinal);
        }
    }
}
