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

        var collector = new SessionCollector(symbols);
        while (row.Read())
        {
            var key = row.GetInt64(0);
            collector.Start(key);
            if (collector.Sessions.Count == limit) return new SessionPage(collector.Sessions, key);
            collector.Add(row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6));
        }
        collector.End();
        return new SessionPage(collector.Sessions, null);
    }
}
