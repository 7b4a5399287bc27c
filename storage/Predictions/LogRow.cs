using Microsoft.Data.Sqlite;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Predictions;

/// <summary>One log of a market: an epoch.</summary>
/// <param name="Id">What its predictions are keyed by.</param>
/// <param name="Market">Market id.</param>
/// <param name="Epoch">Made with the log.</param>
internal sealed record LogRow(long Id, string Market, Guid Epoch)
{
    /// <summary>The market's newest log; null when it never had one.</summary>
    public static LogRow? Current(SqliteConnection connection, string market)
    {
        using var command = connection.Statement(
            "SELECT id, epoch FROM logs WHERE market = $market ORDER BY id DESC LIMIT 1", ("$market", market));
        using var row = command.ExecuteReader();
        return row.Read() ? new LogRow(row.GetInt64(0), market, Guid.Parse(row.GetString(1))) : null;
    }

    /// <summary>The markets that have a log, by id.</summary>
    public static IReadOnlyList<string> Markets(SqliteConnection connection)
    {
        using var command = connection.Statement("SELECT DISTINCT market FROM logs ORDER BY market");
        using var row = command.ExecuteReader();
        var markets = new List<string>();
        while (row.Read()) markets.Add(row.GetString(0));
        return markets;
    }

    /// <summary>Starts a market's log, or starts it over.</summary>
    public static LogRow Insert(SqliteConnection connection, string market, Guid epoch, DateTimeOffset now)
    {
        var id = connection.Integer(
            "INSERT INTO logs (market, epoch, created_at) VALUES ($market, $epoch, $now) RETURNING id",
            ("$market", market), ("$epoch", epoch.ToString()), ("$now", Microseconds.Of(now)));
        return new LogRow(id!.Value, market, epoch);
    }

    /// <summary>Another epoch for the same predictions.</summary>
    public void Renew(SqliteConnection connection, Guid epoch) =>
        connection.Execute("UPDATE logs SET epoch = $epoch WHERE id = $id", ("$epoch", epoch.ToString()), ("$id", Id));
}
