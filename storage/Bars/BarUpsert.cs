using Microsoft.Data.Sqlite;
using Trm.Core.Bars;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Bars;

/// <summary>Adds or corrects bars one by one with two prepared statements, and counts what each came to.</summary>
internal sealed class BarUpsert : IDisposable
{
    private readonly SqliteCommand insert;
    private readonly SqliteCommand update;

    public BarUpsert(SqliteConnection connection, string market, long revision)
    {
        insert = Prepare(
            """
            INSERT INTO bars (market, session, symbol, open, high, low, close, volume, revision)
            VALUES ($market, $session, $symbol, $open, $high, $low, $close, $volume, $revision)
            ON CONFLICT DO NOTHING
            """);
        update = Prepare(
            """
            UPDATE bars SET open = $open, high = $high, low = $low, close = $close, volume = $volume, revision = $revision
            WHERE market = $market AND session = $session AND symbol = $symbol
              AND (open, high, low, close, volume) <> ($open, $high, $low, $close, $volume)
            """);

        SqliteCommand Prepare(string sql)
        {
            var command = connection.Statement(
                sql, ("$session", 0L), ("$symbol", ""), ("$open", 0.0), ("$high", 0.0), ("$low", 0.0), ("$close", 0.0), ("$volume", 0.0),
                ("$market", market), ("$revision", revision));
            command.Prepare();
            return command;
        }
    }

    /// <summary>What was done so far.</summary>
    public BarImport Done { get; private set; }

    public void Write(in Bar bar)
    {
        if (Run(insert, bar)) Done = Done with { Added = Done.Added + 1 };
        else if (Run(update, bar)) Done = Done with { Changed = Done.Changed + 1 };
        else Done = Done with { Unchanged = Done.Unchanged + 1 };
    }

    public void Dispose()
    {
        insert.Dispose();
        update.Dispose();
    }

    private static bool Run(SqliteCommand command, in Bar bar)
    {
        var values = command.Parameters;
        values[0].Value = SessionKey.Of(bar.Session);
        values[1].Value = bar.Symbol;
        values[2].Value = bar.Open;
        values[3].Value = bar.High;
        values[4].Value = bar.Low;
        values[5].Value = bar.Close;
        values[6].Value = bar.Volume;
        return command.ExecuteNonQuery() == 1;
    }
}
