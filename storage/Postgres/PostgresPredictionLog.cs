using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Trm.Core.Predictions;
using Trm.Storage.Predictions;

namespace Trm.Storage.Postgres;

/// <summary>
/// The predictions of every market in PostgreSQL: append-only, on disk before an append returns, never capped. Safe to use
/// from many threads and from several processes at once; appends that wait together are committed together.
/// </summary>
/// <remarks>
/// Every member may throw a <see cref="StorageException"/> <c>storage_unavailable</c> while the server is away; the next call
/// after it is back works. An append that failed so may be in the log: repeated, it is found there.
/// </remarks>
public sealed class PostgresPredictionLog : IStoredLog, IAsyncDisposable
{
    private readonly PostgresDatabase database;
    private readonly GroupCommit appends;
    private readonly TimeProvider time;

    private PostgresPredictionLog(PostgresDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        appends = new GroupCommit(database);
    }

    /// <summary>Opens the log of a database that <see cref="PostgresSchema"/> was applied to.</summary>
    /// <param name="connectionString">For Npgsql; at most 16 connections are used unless it says <c>Maximum Pool Size</c>.</param>
    /// <param name="time">The clock that a new log's epoch is stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException"><c>storage_not_initialised</c>, <c>storage_too_new</c> or <c>storage_unavailable</c>.</exception>
    public static async Task<PostgresPredictionLog> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellation = default) =>
        new(await PostgresDatabase.OpenAsync(connectionString, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default) => database.RunAsync(
        async connection =>
            await HeadAsync(connection, market, cancellation).ConfigureAwait(false)
            ?? await BeginAsync(connection, market, cancellation).ConfigureAwait(false),
        cancellation);

    /// <inheritdoc/>
    /// <exception cref="StorageException"><c>storage_refused</c> when a value cannot be a row; <c>storage_unavailable</c>.</exception>
    public async Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        var outcome = await TryAppendAsync(prediction, cancellation).ConfigureAwait(false);
        return outcome.Result switch
        {
            AppendResult.Gap => throw new SequenceGapException(prediction.Market, outcome.Last, prediction.Sequence),
            AppendResult.EpochChanged => throw new EpochChangedException(prediction.Market, outcome.Current, prediction.Epoch),
            var result => result == AppendResult.Added,
        };
    }

    /// <summary>As <see cref="AppendAsync"/>, but a gap and another epoch are answers.</summary>
    /// <param name="prediction">The next of its market.</param>
    /// <param name="cancellation">Gives up waiting; what was sent by then may be in the log.</param>
    /// <exception cref="StorageException"><c>storage_refused</c> when a value cannot be a row; <c>storage_unavailable</c>.</exception>
    public Task<AppendOutcome> TryAppendAsync(Prediction prediction, CancellationToken cancellation = default) =>
        appends.AppendAsync(prediction, cancellation);

    /// <inheritdoc/>
    /// <exception cref="InvalidLimitException">The limit is not from 1 to <see cref="LogQuery.MaxLimit"/>.</exception>
    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 1 or > LogQuery.MaxLimit) throw new InvalidLimitException(query.Limit);
        return database.RunAsync<IReadOnlyList<Prediction>>(
            async connection =>
            {
                using var command = Select(connection, "", market, query);
                var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using var _ = row.ConfigureAwait(false);
                var predictions = new List<Prediction>();
                while (await row.ReadAsync(cancellation).ConfigureAwait(false)) predictions.Add(PostgresPredictionRow.Map(row, market));
                return predictions;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default)
    {
        var recent = await ReadAsync(market, new LogQuery { Newest = true, Limit = PredictionSummary.RecentLimit }, cancellation).ConfigureAwait(false);
        // Sequences have no holes: the last one is the total, and nothing needs to be counted.
        return PredictionSummary.Of(recent.Count == 0 ? 0 : recent[^1].Sequence, recent);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RenewEpochsAsync(CancellationToken cancellation = default) => database.RunAsync<IReadOnlyList<string>>(
        async connection =>
        {
            using var command = new NpgsqlCommand(
                "UPDATE trm.logs SET epoch = gen_random_uuid() WHERE id IN (SELECT MAX(id) FROM trm.logs GROUP BY market) RETURNING market", connection);
            var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var _ = row.ConfigureAwait(false);
            var markets = new List<string>();
            while (await row.ReadAsync(cancellation).ConfigureAwait(false)) markets.Add(row.GetString(0));
            markets.Sort(StringComparer.Ordinal);
            return markets;
        },
        cancellation);

    /// <summary>How PostgreSQL finds what a query asks: the lines of its EXPLAIN, the query executed.</summary>
    public Task<IReadOnlyList<string>> ExplainAsync(string market, LogQuery query, CancellationToken cancellation = default) =>
        database.RunAsync<IReadOnlyList<string>>(
            async connection =>
            {
                using var command = Select(connection, "EXPLAIN (ANALYZE, BUFFERS) ", market, query);
                var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using var _ = row.ConfigureAwait(false);
                var lines = new List<string>();
                while (await row.ReadAsync(cancellation).ConfigureAwait(false)) lines.Add(row.GetString(0));
                return lines;
            },
            cancellation);

    /// <summary>Waits for the appends that were asked for, then closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await appends.DisposeAsync().ConfigureAwait(false);
        await database.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<LogHead?> HeadAsync(NpgsqlConnection connection, string market, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(PostgresPredictionRow.HeadSql(market), connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = market } } };
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var _ = row.ConfigureAwait(false);
        if (!await row.ReadAsync(cancellation).ConfigureAwait(false)) return null;
        return new LogHead(row.GetGuid(0), row.IsDBNull(1) ? null : PostgresPredictionRow.Map(row, market));
    }

    private async Task<LogHead> BeginAsync(NpgsqlConnection connection, string market, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Of two that open a new market at once, the second waits for the first to commit and then finds its log.
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(hashtextextended('trm.logs ' || $1, 0))")
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = market } },
                },
                new NpgsqlBatchCommand(
                    """
                    INSERT INTO trm.logs (market, epoch, created_at)
                    SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM trm.logs WHERE market = $1)
                    """)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = market },
                        new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) },
                        new NpgsqlParameter<long> { TypedValue = Microseconds.Of(now) },
                    },
                },
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return (await HeadAsync(connection, market, cancellation).ConfigureAwait(false))!;
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Every value travels as a parameter.")]
    private static NpgsqlCommand Select(NpgsqlConnection connection, string prefix, string market, LogQuery query)
    {
        var command = new NpgsqlCommand(prefix + PostgresPredictionRow.SelectSql(market, query), connection);
        PostgresPredictionRow.Bind(command.Parameters, market, query);
        return command;
    }
}
