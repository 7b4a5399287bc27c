using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;
using Trm.Core.Bars;
using Trm.Storage.Bars;

namespace Trm.Storage.Postgres;

/// <summary>One import of a market's bars: copied in bulk beside the stored ones, then compared and taken over in two statements.</summary>
internal static class PostgresBarImport
{
    private const string Values = "session, symbol, open, high, low, close, volume";

    public static async Task<BarImport> RunAsync(
        NpgsqlConnection connection, string market, IReadOnlyCollection<Bar> bars, DateTimeOffset now, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);

        // The market's row is locked until the end: its imports take turns, and a revision is one import's.
        var revision = await NextRevisionAsync(connection, market, now, cancellation).ConfigureAwait(false);
        await CopyAsync(connection, bars, cancellation).ConfigureAwait(false);
        var changed = await ExecuteAsync(
            connection,
            """
            UPDATE trm.bars b
            SET open = i.open, high = i.high, low = i.low, close = i.close, volume = i.volume, revision = $2
            FROM incoming i
            WHERE b.market = $1 AND b.session = i.session AND b.symbol = i.symbol
              AND (b.open, b.high, b.low, b.close, b.volume) <> (i.open, i.high, i.low, i.close, i.volume)
            """,
            market,
            revision,
            cancellation).ConfigureAwait(false);
        var added = await ExecuteAsync(
            connection,
            $"""
            INSERT INTO trm.bars (market, revision, {Values})
            SELECT $1, $2, {Values} FROM incoming i
            WHERE NOT EXISTS (SELECT FROM trm.bars b WHERE b.market = $1 AND b.session = i.session AND b.symbol = i.symbol)
            """,
            market,
            revision,
            cancellation).ConfigureAwait(false);

        // Without news there is no new revision: the transaction goes as if it had never been.
        if (changed + added > 0) await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return new BarImport(added, changed, bars.Count - added - changed);
    }

    private static async Task<long> NextRevisionAsync(NpgsqlConnection connection, string market, DateTimeOffset now, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(
            """
            INSERT INTO trm.revisions AS r (market, revision, changed_at) VALUES ($1, 1, $2)
            ON CONFLICT (market) DO UPDATE SET revision = r.revision + 1, changed_at = excluded.changed_at
            RETURNING revision
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = market }, new NpgsqlParameter<long> { TypedValue = Microseconds.Of(now) } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyCollection<Bar> bars, CancellationToken cancellation)
    {
        using (var create = new NpgsqlCommand($"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {Values} FROM trm.bars WITH NO DATA", connection))
            await create.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);

        var rows = await connection.BeginBinaryImportAsync($"COPY incoming ({Values}) FROM STDIN (FORMAT BINARY)", cancellation).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            foreach (var bar in bars)
            {
                await rows.StartRowAsync(cancellation).ConfigureAwait(false);
                await rows.WriteAsync((int)SessionKey.Of(bar.Session), NpgsqlDbType.Integer, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.Symbol, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.Open, NpgsqlDbType.Double, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.High, NpgsqlDbType.Double, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.Low, NpgsqlDbType.Double, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.Close, NpgsqlDbType.Double, cancellation).ConfigureAwait(false);
                await rows.WriteAsync(bar.Volume, NpgsqlDbType.Double, cancellation).ConfigureAwait(false);
            }
            await rows.CompleteAsync(cancellation).ConfigureAwait(false);
        }
        // Without figures the planner takes the new table for a thousand rows, and compares one by one.
        using var analyze = new NpgsqlCommand("ANALYZE incoming", connection);
        await analyze.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Every value travels as a parameter.")]
    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, string market, long revision, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = market }, new NpgsqlParameter<long> { TypedValue = revision } },
        };
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
