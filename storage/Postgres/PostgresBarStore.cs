using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Npgsql;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Storage.Bars;

namespace Trm.Storage.Postgres;

/// <summary>The bars of every market in PostgreSQL. Safe to use from many threads and from several processes at once.</summary>
/// <remarks>
/// Every member may throw a <see cref="StorageException"/> <c>storage_unavailable</c> while the server is away; the next call
/// after it is back works.
/// </remarks>
public sealed class PostgresBarStore : IBarStore, IAsyncDisposable
{
    /// <summary>Sessions read at a time: a replay may take minutes over each, and holds no connection meanwhile.</summary>
    private const int PageSessions = 128;

    private readonly PostgresDatabase database;
    private readonly TimeProvider time;

    private PostgresBarStore(PostgresDatabase database, TimeProvider time) => (this.database, this.time) = (database, time);

    /// <summary>Opens the bars of a database that <see cref="PostgresSchema"/> was applied to.</summary>
    /// <param name="connectionString">For Npgsql; at most 16 connections are used unless it says <c>Maximum Pool Size</c>.</param>
    /// <param name="time">The clock that changes are stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException"><c>storage_not_initialised</c>, <c>storage_too_new</c> or <c>storage_unavailable</c>.</exception>
    public static async Task<PostgresBarStore> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellation = default) =>
        new(await PostgresDatabase.OpenAsync(connectionString, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public Task<BarImport> UpsertAsync(string market, IReadOnlyCollection<Bar> bars, CancellationToken cancellation = default) =>
        // Repeated after a broken connection, an import that was committed after all finds every bar unchanged.
        database.RunAsync(connection => PostgresBarImport.RunAsync(connection, market, bars, time.GetUtcNow(), cancellation), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Session> ReadAsync(
        Market market, DateOnly? from = null, DateOnly? to = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // The market's own strings, so that a million bars share sixteen.
        var symbols = market.Symbols.ToDictionary(s => s, StringComparer.Ordinal);
        var next = SessionKey.Of(from ?? DateOnly.MinValue);
        var last = SessionKey.Of(to ?? DateOnly.MaxValue);
        while (true)
        {
            var page = await database.RunAsync(connection => ReadPageAsync(connection, market.Id, symbols, next, last, cancellation), cancellation).ConfigureAwait(false);
            foreach (var session in page.Sessions) yield return session;
            if (page.Next is not { } after) yield break;
            next = after;
        }
    }

    /// <inheritdoc/>
    public Task<DateOnly?> LookBackAsync(string market, DateOnly date, int sessions, CancellationToken cancellation = default) =>
        database.RunAsync(
            async connection =>
            {
                using var command = Command(
                    connection,
                    """
                    SELECT MIN(session) FROM (
                        SELECT DISTINCT session FROM trm.bars WHERE market = $1 AND session < $2 ORDER BY session DESC LIMIT $3) back
                    """,
                    market,
                    SessionKey.Of(date),
                    Math.Max(0, sessions));
                return SessionKey.ToDate(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as int?);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<BarRange?> RangeAsync(string market, CancellationToken cancellation = default) =>
        database.RunAsync(
            async connection =>
            {
                using var command = Command(
                    connection, "SELECT MIN(session), MAX(session), COUNT(DISTINCT session), COUNT(*) FROM trm.bars WHERE market = $1", market);
                var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using var _ = row.ConfigureAwait(false);
                return await row.ReadAsync(cancellation).ConfigureAwait(false) && !row.IsDBNull(0)
                    ? new BarRange(SessionKey.ToDate(row.GetInt32(0)), SessionKey.ToDate(row.GetInt32(1)), (int)row.GetInt64(2), row.GetInt64(3))
                    : null;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<BarChanges> ChangesSinceAsync(string market, long revision, CancellationToken cancellation = default) =>
        database.RunAsync(
            async connection =>
            {
                // One statement, so that both answers are of the same moment.
                using var command = Command(
                    connection,
                    """
                    SELECT revision, (SELECT MIN(session) FROM trm.bars WHERE market = $1 AND revision > $2)
                    FROM trm.revisions WHERE market = $1
                    """,
                    market,
                    revision);
                var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using var _ = row.ConfigureAwait(false);
                return await row.ReadAsync(cancellation).ConfigureAwait(false)
                    ? new BarChanges(row.GetInt64(0), row.IsDBNull(1) ? null : SessionKey.ToDate(row.GetInt32(1)))
                    : default;
            },
            cancellation);

    /// <summary>Closes every connection.</summary>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<SessionPage> ReadPageAsync(
        NpgsqlConnection connection, string market, Dictionary<string, string> symbols, long from, long to, CancellationToken cancellation)
    {
        // The first session of the next page comes too, and only says where that starts.
        using var command = Command(
            connection,
            """
            SELECT session, symbol, open, high, low, close, volume FROM trm.bars
            WHERE market = $1 AND session >= $2 AND session <= (
                SELECT MAX(session) FROM (
                    SELECT DISTINCT session FROM trm.bars WHERE market = $1 AND session >= $2 AND session <= $3
                    ORDER BY session LIMIT $4) page)
            ORDER BY session, symbol
            """,
            market,
            from,
            to,
            PageSessions + 1);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var _ = row.ConfigureAwait(false);

        var collector = new SessionCollector(symbols);
        var (seen, current) = (0, 0L);
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var key = row.GetInt32(0);
            if (key != current && ++seen > PageSessions)
            {
                collector.End();
                return new SessionPage(collector.Sessions, key);
            }
            current = key;
            collector.Start(key);
            collector.Add(row.GetString(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6));
        }
        collector.End();
        return new SessionPage(collector.Sessions, null);
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Every value travels as a parameter.")]
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string market, params ReadOnlySpan<long> values)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = market } } };
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        return command;
    }
}
