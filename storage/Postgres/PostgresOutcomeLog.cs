using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Trm.Core.Features;
using Trm.Core.Outcomes;
using Trm.Storage.Bars;
using Trm.Storage.Outcomes;

namespace Trm.Storage.Postgres;

/// <summary>What came of predictions, in PostgreSQL. Safe to use from many threads and from several processes at once.</summary>
/// <remarks>
/// Every member may throw a <see cref="StorageException"/> <c>storage_unavailable</c> while the server is away; the next call
/// after it is back works.
/// </remarks>
public sealed class PostgresOutcomeLog : IOutcomeLog, IAsyncDisposable
{
    /// <summary>$1 market, $2 rule, $3 settled by.</summary>
    private const string Judged =
        """
        SELECT j.epoch, j.sequence, j.timestamp, j.model_version, j.probabilities, o.session, o.settled, o.returns, o.utilities
        FROM trm.judged_predictions j JOIN trm.outcomes o ON o.market = j.market AND o.session = j.session AND o.rule = $2
        WHERE j.market = $1 AND o.settled <= $3
        """;

    private readonly PostgresDatabase database;
    private readonly TimeProvider time;

    private PostgresOutcomeLog(PostgresDatabase database, TimeProvider time) => (this.database, this.time) = (database, time);

    /// <summary>Opens the outcomes of a database that <see cref="PostgresSchema"/> was applied to.</summary>
    /// <param name="connectionString">For Npgsql; at most 16 connections are used unless it says <c>Maximum Pool Size</c>.</param>
    /// <param name="time">The clock that records are stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException"><c>storage_not_initialised</c>, <c>storage_too_new</c> or <c>storage_unavailable</c>.</exception>
    public static async Task<PostgresOutcomeLog> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellation = default) =>
        new(await PostgresDatabase.OpenAsync(connectionString, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public Task RecordAsync(string market, OutcomeRule rule, IReadOnlyCollection<JudgedSession> sessions, CancellationToken cancellation = default) => database.RunAsync(
        async connection =>
        {
            // One transaction: of a session that is recorded, all is.
            var batch = new NpgsqlBatch(connection);
            await using var _ = batch.ConfigureAwait(false);
            foreach (var session in sessions)
            {
                batch.BatchCommands.Add(Insert(market, rule, session.Outcome));
                foreach (var prediction in session.Predictions) batch.BatchCommands.Add(Upsert(market, prediction));
            }
            return sessions.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<long> CursorAsync(string market, Guid epoch, CancellationToken cancellation = default) => database.RunAsync(
        async connection =>
        {
            using var command = new NpgsqlCommand("SELECT COALESCE(MAX(sequence), 0) FROM trm.judged_predictions WHERE market = $1 AND epoch = $2", connection);
            Add(command.Parameters, market);
            Add(command.Parameters, epoch);
            return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long last ? last : 0;
        },
        cancellation);

    /// <inheritdoc/>
    /// <exception cref="InvalidOutcomeLimitException">The limit is not from 1 to <see cref="OutcomeQuery.MaxLimit"/>.</exception>
    public Task<IReadOnlyList<JudgedPrediction>> ReadAsync(string market, OutcomeRule rule, OutcomeQuery query, CancellationToken cancellation = default)
    {
        InvalidOutcomeLimitException.ThrowIfOutside(query.Limit);
        const string Matching = "AND o.session > $4 AND o.session < $5 AND ($6 IS NULL OR j.model_version = $6)";
        return ReadAsync(
            $"""
            {Judged} {Matching} AND o.session IN (
                SELECT DISTINCT session FROM ({Judged} {Matching}) matching ORDER BY session {(query.Newest ? "DESC" : "")} LIMIT $7)
            ORDER BY o.session, j.timestamp, j.sequence
            """,
            parameters =>
            {
                Add(parameters, market);
                Add(parameters, rule.Name);
                Add(parameters, Key(query.SettledBy ?? DateOnly.MaxValue));
                Add(parameters, Key(query.After ?? DateOnly.MinValue));
                Add(parameters, Key(query.Before ?? DateOnly.MaxValue));
                Add(parameters, query.ModelVersion);
                Add(parameters, query.Limit);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JudgedPrediction>> NewestAsync(string market, OutcomeRule rule, DateOnly settledBy, int sessions, CancellationToken cancellation = default) => ReadAsync(
        $"""
        SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY model_version ORDER BY session DESC) AS place FROM ({Judged}) judged) placed
        WHERE place <= $4 ORDER BY session, timestamp, sequence
        """,
        parameters =>
        {
            Add(parameters, market);
            Add(parameters, rule.Name);
            Add(parameters, Key(settledBy));
            Add(parameters, sessions);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPrediction>> FeaturesAsync(string market, int sessions, CancellationToken cancellation = default) => database.RunAsync<IReadOnlyList<SessionPrediction>>(
        async connection =>
        {
            using var command = new NpgsqlCommand(
                """
                SELECT session, epoch, sequence, timestamp, model_version, probabilities, feature_set, raw_features FROM trm.judged_predictions
                WHERE market = $1 ORDER BY timestamp DESC, sequence DESC LIMIT $2
                """,
                connection);
            Add(command.Parameters, market);
            Add(command.Parameters, sessions);
            var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var _ = row.ConfigureAwait(false);
            var predictions = new List<SessionPrediction>();
            while (await row.ReadAsync(cancellation).ConfigureAwait(false))
            {
                predictions.Add(new SessionPrediction(
                    SessionKey.ToDate(row.GetInt32(0)), row.GetGuid(1), row.GetInt64(2), Microseconds.ToInstant(row.GetInt64(3)), row.GetString(4),
                    row.GetFieldValue<float[]>(5), row.GetString(6), FeatureVector.From(row.GetFieldValue<double[]>(7))));
            }
            predictions.Reverse();
            return predictions;
        },
        cancellation);

    /// <summary>Closes every connection.</summary>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Every value travels as a parameter.")]
    private Task<IReadOnlyList<JudgedPrediction>> ReadAsync(string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellation) => database.RunAsync<IReadOnlyList<JudgedPrediction>>(
        async connection =>
        {
            using var command = new NpgsqlCommand(sql, connection);
            bind(command.Parameters);
            var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var _ = row.ConfigureAwait(false);
            var judged = new List<JudgedPrediction>();
            while (await row.ReadAsync(cancellation).ConfigureAwait(false))
            {
                judged.Add(new JudgedPrediction(
                    row.GetGuid(0), row.GetInt64(1), row.GetString(3), row.GetFieldValue<float[]>(4),
                    new SessionOutcome(SessionKey.ToDate(row.GetInt32(5)), SessionKey.ToDate(row.GetInt32(6)), row.GetFieldValue<double[]>(7), row.GetFieldValue<double[]>(8))));
            }
            return judged;
        },
        cancellation);

    private NpgsqlBatchCommand Insert(string market, OutcomeRule rule, SessionOutcome outcome)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO trm.outcomes (market, session, rule, settled, returns, utilities, recorded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """);
        Add(command.Parameters, market);
        Add(command.Parameters, Key(outcome.Session));
        Add(command.Parameters, rule.Name);
        Add(command.Parameters, Key(outcome.Settled));
        Add(command.Parameters, outcome.Returns.ToArray());
        Add(command.Parameters, outcome.Utilities.ToArray());
        Add(command.Parameters, Microseconds.Of(time.GetUtcNow()));
        return command;
    }

    private static NpgsqlBatchCommand Upsert(string market, SessionPrediction prediction)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO trm.judged_predictions AS there (market, session, model_version, epoch, sequence, timestamp, probabilities, feature_set, raw_features)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (market, session, model_version) DO UPDATE SET
                epoch = excluded.epoch, sequence = excluded.sequence, timestamp = excluded.timestamp, probabilities = excluded.probabilities,
                feature_set = excluded.feature_set, raw_features = excluded.raw_features
            WHERE (excluded.timestamp, excluded.sequence) > (there.timestamp, there.sequence)
            """);
        Add(command.Parameters, market);
        Add(command.Parameters, Key(prediction.Session));
        Add(command.Parameters, prediction.ModelVersion);
        Add(command.Parameters, prediction.Epoch);
        Add(command.Parameters, prediction.Sequence);
        Add(command.Parameters, Microseconds.Of(prediction.Timestamp));
        Add(command.Parameters, prediction.Probabilities.ToArray());
        Add(command.Parameters, prediction.FeatureSet);
        Add(command.Parameters, prediction.Features.AsSpan().ToArray());
        return command;
    }

    private static int Key(DateOnly session) => (int)SessionKey.Of(session);

    private static void Add<T>(NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
