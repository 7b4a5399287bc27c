using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trm.Core.Features;
using Trm.Core.Outcomes;
using Trm.Storage.Bars;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Outcomes;

/// <summary>
/// What came of predictions, in <c>outcomes.db</c>: a file of its own, so that recording never holds up the log. Safe to use from
/// many threads and from several processes at once.
/// </summary>
public sealed class SqliteOutcomeLog : IOutcomeLog, IAsyncDisposable
{
    private const string Judged =
        """
        SELECT j.epoch, j.sequence, j.timestamp, j.model_version, j.probabilities, o.session, o.settled, o.returns, o.utilities
        FROM judged_predictions j JOIN outcomes o ON o.market = j.market AND o.session = j.session AND o.rule = $rule
        WHERE j.market = $market AND o.settled <= $settledBy
        """;

    private readonly SqliteFile file;
    private readonly TimeProvider time;

    private SqliteOutcomeLog(SqliteFile file, TimeProvider time) => (this.file, this.time) = (file, time);

    /// <summary>Opens <c>outcomes.db</c> in the folder; makes both when they are missing.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="time">The clock that records are stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The folder or the file cannot be used.</exception>
    public static async Task<SqliteOutcomeLog> OpenAsync(string dataFolder, TimeProvider time, CancellationToken cancellation = default) =>
        new(await SqliteFile.OpenAsync(dataFolder, DatabaseKind.Outcomes, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public Task RecordAsync(string market, OutcomeRule rule, IReadOnlyCollection<JudgedSession> sessions, CancellationToken cancellation = default) =>
        file.WriteAsync(
            connection =>
            {
                foreach (var session in sessions)
                {
                    Insert(connection, market, rule, session.Outcome);
                    foreach (var prediction in session.Predictions) Upsert(connection, market, prediction);
                }
                return sessions.Count;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<long> CursorAsync(string market, Guid epoch, CancellationToken cancellation = default) => Task.FromResult(file.Read(
        connection => connection.Integer(
            "SELECT MAX(sequence) FROM judged_predictions WHERE market = $market AND epoch = $epoch", ("$market", market), ("$epoch", epoch.ToString())) ?? 0,
        cancellation));

    /// <inheritdoc/>
    /// <exception cref="InvalidOutcomeLimitException">The limit is not from 1 to <see cref="OutcomeQuery.MaxLimit"/>.</exception>
    public Task<IReadOnlyList<JudgedPrediction>> ReadAsync(string market, OutcomeRule rule, OutcomeQuery query, CancellationToken cancellation = default)
    {
        InvalidOutcomeLimitException.ThrowIfOutside(query.Limit);
        const string Matching =
            "AND o.session > $after AND o.session < $before AND ($model IS NULL OR j.model_version = $model)";
        return Task.FromResult(file.Read(
            connection => Read(
                connection,
                $"""
                {Judged} {Matching} AND o.session IN (
                    SELECT DISTINCT session FROM ({Judged} {Matching}) ORDER BY session {(query.Newest ? "DESC" : "")} LIMIT $limit)
                ORDER BY o.session, j.timestamp, j.sequence
                """,
                ("$market", market),
                ("$rule", rule.Name),
                ("$settledBy", SessionKey.Of(query.SettledBy ?? DateOnly.MaxValue)),
                ("$after", SessionKey.Of(query.After ?? DateOnly.MinValue)),
                ("$before", SessionKey.Of(query.Before ?? DateOnly.MaxValue)),
                ("$model", query.ModelVersion),
                ("$limit", query.Limit)),
            cancellation));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JudgedPrediction>> NewestAsync(
        string market, OutcomeRule rule, DateOnly settledBy, int sessions, CancellationToken cancellation = default) => Task.FromResult(file.Read(
        connection => Read(
            connection,
            $"""
            SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY model_version ORDER BY session DESC) AS place FROM ({Judged}))
            WHERE place <= $sessions ORDER BY session, timestamp, sequence
            """,
            ("$market", market), ("$rule", rule.Name), ("$settledBy", SessionKey.Of(settledBy)), ("$sessions", sessions)),
        cancellation));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionPrediction>> FeaturesAsync(string market, int sessions, CancellationToken cancellation = default) => Task.FromResult(file.Read<IReadOnlyList<SessionPrediction>>(
        connection =>
        {
            using var command = connection.Statement(
                """
                SELECT session, epoch, sequence, timestamp, model_version, probabilities, feature_set, raw_features FROM judged_predictions
                WHERE market = $market ORDER BY timestamp DESC, sequence DESC LIMIT $sessions
                """,
                ("$market", market), ("$sessions", sessions));
            using var row = command.ExecuteReader();
            var predictions = new List<SessionPrediction>();
            while (row.Read())
            {
                predictions.Add(new SessionPrediction(
                    SessionKey.ToDate(row.GetInt64(0)), Guid.Parse(row.GetString(1)), row.GetInt64(2), Microseconds.ToInstant(row.GetInt64(3)), row.GetString(4),
                    JsonSerializer.Deserialize<float[]>(row.GetString(5))!, row.GetString(6), FeatureVector.From(JsonSerializer.Deserialize<double[]>(row.GetString(7)))));
            }
            predictions.Reverse();
            return predictions;
        },
        cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();

    private void Insert(SqliteConnection connection, string market, OutcomeRule rule, SessionOutcome outcome) => connection.Execute(
        """
        INSERT INTO outcomes (market, session, rule, settled, returns, utilities, recorded_at)
        VALUES ($market, $session, $rule, $settled, $returns, $utilities, $now) ON CONFLICT DO NOTHING
        """,
        ("$market", market), ("$session", SessionKey.Of(outcome.Session)), ("$rule", rule.Name), ("$settled", SessionKey.Of(outcome.Settled)),
        ("$returns", JsonSerializer.Serialize(outcome.Returns)), ("$utilities", JsonSerializer.Serialize(outcome.Utilities)), ("$now", Microseconds.Of(time.GetUtcNow())));

    private static void Upsert(SqliteConnection connection, string market, SessionPrediction prediction) => connection.Execute(
        """
        INSERT INTO judged_predictions (market, session, model_version, epoch, sequence, timestamp, probabilities, feature_set, raw_features)
        VALUES ($market, $session, $model, $epoch, $sequence, $timestamp, $probabilities, $set, $raw)
        ON CONFLICT (market, session, model_version) DO UPDATE SET
            epoch = excluded.epoch, sequence = excluded.sequence, timestamp = excluded.timestamp, probabilities = excluded.probabilities,
            feature_set = excluded.feature_set, raw_features = excluded.raw_features
        WHERE (excluded.timestamp, excluded.sequence) > (timestamp, sequence)
        """,
        ("$market", market), ("$session", SessionKey.Of(prediction.Session)), ("$model", prediction.ModelVersion), ("$epoch", prediction.Epoch.ToString()),
        ("$sequence", prediction.Sequence), ("$timestamp", Microseconds.Of(prediction.Timestamp)), ("$probabilities", JsonSerializer.Serialize(prediction.Probabilities)),
        ("$set", prediction.FeatureSet), ("$raw", JsonSerializer.Serialize(prediction.Features.AsSpan().ToArray())));

    private static IReadOnlyList<JudgedPrediction> Read(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        using var row = command.ExecuteReader();
        var judged = new List<JudgedPrediction>();
        while (row.Read())
        {
            judged.Add(new JudgedPrediction(
                Guid.Parse(row.GetString(0)), row.GetInt64(1), row.GetString(3), JsonSerializer.Deserialize<float[]>(row.GetString(4))!,
                new SessionOutcome(
                    SessionKey.ToDate(row.GetInt64(5)), SessionKey.ToDate(row.GetInt64(6)),
                    JsonSerializer.Deserialize<double[]>(row.GetString(7))!, JsonSerializer.Deserialize<double[]>(row.GetString(8))!)));
        }
        return judged;
    }
}
