using Npgsql;

namespace Trm.Bench.Chaos.Verdicts;

/// <summary>Asks the database itself, past all that is under test.</summary>
/// <param name="connectionString">Of the cluster's database.</param>
internal sealed class LogReader(string connectionString)
{
    // A connection for each question: the server is killed now and then.
    private readonly string connection = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 120 }.ToString();

    /// <summary>Every log there is; a market has one unless it started over.</summary>
    public Task<List<MarketLog>> ReadAsync(CancellationToken cancellation) => ReadAsync(
        """
        SELECT l.market, l.epoch, count(p.sequence), count(DISTINCT p.sequence), coalesce(min(p.sequence), 0), coalesce(max(p.sequence), 0)
        FROM trm.logs l LEFT JOIN trm.predictions p ON p.log = l.id
        GROUP BY l.id, l.market, l.epoch
        ORDER BY l.market, l.id
        """,
        row => new MarketLog(row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
        cancellation);

    /// <summary>The last sequence of each market's current log.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LastAsync(CancellationToken cancellation)
    {
        var rows = await ReadAsync(
            """
            SELECT DISTINCT ON (l.market) l.market, coalesce((SELECT max(sequence) FROM trm.predictions WHERE log = l.id), 0)
            FROM trm.logs l ORDER BY l.market, l.id DESC
            """,
            row => (row.GetString(0), row.GetInt64(1)),
            cancellation).ConfigureAwait(false);
        return rows.ToDictionary(r => r.Item1, r => r.Item2);
    }

    /// <summary>When the snapshots of each market's current log were emitted, by market and sequence.</summary>
    public async Task<IReadOnlyDictionary<(string Market, long Sequence), DateTimeOffset>> EmittedAsync(CancellationToken cancellation)
    {
        var rows = await ReadAsync(
            """
            SELECT l.market, p.sequence, p.emitted_at FROM trm.predictions p
            JOIN (SELECT market, max(id) AS id FROM trm.logs GROUP BY market) l ON p.log = l.id
            """,
            row => (row.GetString(0), row.GetInt64(1), DateTimeOffset.UnixEpoch.AddMicroseconds(row.GetInt64(2))),
            cancellation).ConfigureAwait(false);
        return rows.ToDictionary(r => (r.Item1, r.Item2), r => r.Item3);
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var session = new NpgsqlConnection(connection);
        await using var closing = session.ConfigureAwait(false);
        await session.OpenAsync(cancellation).ConfigureAwait(false);
#pragma warning disable CA2100 // The text is one of those above.
        using var command = new NpgsqlCommand(sql, session);
#pragma warning restore CA2100
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ending = row.ConfigureAwait(false);
        var rows = new List<T>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false)) rows.Add(read(row));
        return rows;
    }
}
