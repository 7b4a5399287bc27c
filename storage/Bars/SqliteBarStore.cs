using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Bars;

/// <summary>
/// The bars of every market in <c>bars.db</c>. Safe to use from many threads and from several processes at once.
/// </summary>
public sealed class SqliteBarStore : IBarStore, IAsyncDisposable
{
    /// <summary>
    /// Sessions read at a time: a replay may take minutes over each, and an open read would keep SQLite from
    /// recycling its WAL all the while.
    /// </summary>
    private const int PageSessions = 128;

    private readonly SqliteFile file;
    private readonly TimeProvider time;

    private SqliteBarStore(SqliteFile file, TimeProvider time) => (this.file, this.time) = (file, time);

    /// <summary>Opens <c>bars.db</c> in the folder; makes both when they are missing.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="time">The clock that changes are stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The folder or the file cannot be used.</exception>
    public static async Task<SqliteBarStore> OpenAsync(string dataFolder, TimeProvider time, CancellationToken cancellation = default) =>
        new(await SqliteFile.OpenAsync(dataFolder, DatabaseKind.Bars, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public Task<BarImport> UpsertAsync(string market, IReadOnlyCollection<Bar> bars, CancellationToken cancellation = default) =>
        file.WriteAsync(
            connection =>
            {
                var revision = Revision(connection, market) + 1;
                using var upsert = new BarUpsert(connection, market, revision);
                foreach (var bar in bars)
                {
                    cancellation.ThrowIfCancellationRequested();
                    upsert.Write(bar);
                }
                if (upsert.Done is { Added: 0, Changed: 0 }) return upsert.Done;

                connection.Execute(
                    """
                    INSERT INTO revisions (market, revision, changed_at) VALUES ($market, $revision, $now)
                    ON CONFLICT (market) DO UPDATE SET revision = excluded.revision, changed_at = excluded.changed_at
                    """,
                    ("$market", market), ("$revision", revision), ("$now", Microseconds.Of(time.GetUtcNow())));
                return upsert.Done;
            },
            cancellation);

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
            var page = file.Read(connection => SessionPage.Read(connection, market.Id, symbols, next, last, PageSessions), cancellation);
            foreach (var session in page.Sessions) yield return session;
            if (page.Next is not { } after) yield break;
            next = after;
            // SQLite reads are synchronous: others get a turn between pages.
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    public Task<DateOnly?> LookBackAsync(string market, DateOnly date, int sessions, CancellationToken cancellation = default) =>
        Task.FromResult(file.Read(
            connection => SessionKey.ToDate(connection.Integer(
                """
                SELECT MIN(session) FROM (
                    SELECT DISTINCT session FROM bars WHERE market = $market AND session < $date ORDER BY session DESC LIMIT $sessions)
                """,
                ("$market", market), ("$date", SessionKey.Of(date)), ("$sessions", Math.Max(0, sessions)))),
            cancellation));

    /// <inheritdoc/>
    public Task<BarRange?> RangeAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(file.Read(
            connection =>
            {
                using var command = connection.Statement(
                    "SELECT MIN(session), MAX(session), COUNT(DISTINCT session), COUNT(*) FROM bars WHERE market = $market", ("$market", market));
                using var row = command.ExecuteReader();
                return row.Read() && !row.IsDBNull(0)
                    ? new BarRange(SessionKey.ToDate(row.GetInt64(0)), SessionKey.ToDate(row.GetInt64(1)), row.GetInt32(2), row.GetInt64(3))
                    : null;
            },
            cancellation));

    /// <inheritdoc/>
    public Task<BarChanges> ChangesSinceAsync(string market, long revision, CancellationToken cancellation = default) =>
        Task.FromResult(file.Read(
            connection =>
            {
                // One statement, so that both answers are of the same moment.
                using var command = connection.Statement(
                    """
                    SELECT revision, (SELECT MIN(session) FROM bars WHERE market = $market AND revision > $since)
                    FROM revisions WHERE market = $market
                    """,
                    ("$market", market), ("$since", revision));
                using var row = command.ExecuteReader();
                return row.Read()
                    ? new BarChanges(row.GetInt64(0), row.IsDBNull(1) ? null : SessionKey.ToDate(row.GetInt64(1)))
                    : default;
            },
            cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();

    private static long Revision(SqliteConnection connection, string market) =>
        connection.Integer("SELECT revision FROM revisions WHERE market = $market", ("$market", market)) ?? 0;
}
