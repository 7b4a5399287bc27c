using System.Globalization;
using Npgsql;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Storage.Postgres;

/// <summary>A prediction as a row, there and back: what is read equals what was written, to the microsecond and the last bit.</summary>
internal static class PostgresPredictionRow
{
    private static readonly string[] AppendSqls = [.. Enumerable.Range(0, PostgresShard.Count).Select(BuildAppendSql)];
    private static readonly string[] HeadSqls = [.. Enumerable.Range(0, PostgresShard.Count).Select(BuildHeadSql)];

    /// <summary>
    /// $1 market, $2 epoch, $3 sequence, then the rest. One statement finds the current log and its last sequence, and inserts
    /// only what follows it; of two writers at once the primary key lets one through. Answers with what it saw, in the order
    /// of <see cref="ReadSeen"/>.
    /// </summary>
    public static string AppendSql(string market) => AppendSqls[PostgresShard.Of(market)];

    /// <summary>$1 market: its epoch, and its newest prediction or nulls.</summary>
    public static string HeadSql(string market) => HeadSqls[PostgresShard.Of(market)];

    private const string Columns =
        """
        sequence, timestamp, as_of, emitted_at, source, halt_probability, probabilities, raw_features, normalized_features,
        feature_set, model_version, recursion_cycles, latent_steps, quality, staleness, proxies, traceparent
        """;

    private const string CurrentLog = "SELECT id, epoch FROM trm.logs WHERE market = $1 ORDER BY id DESC LIMIT 1";

    /// <summary>Fills the parameters of <see cref="AppendSql"/>.</summary>
    public static void Bind(NpgsqlParameterCollection parameters, Prediction prediction)
    {
        Add(prediction.Market);
        Add(prediction.Epoch);
        Add(prediction.Sequence);
        Add(Microseconds.Of(prediction.Timestamp));
        Add(Microseconds.Of(prediction.AsOf));
        Add(Microseconds.Of(prediction.EmittedAt));
        Add(prediction.Origin.WireName());
        Add(prediction.HaltProbability);
        Add(prediction.Probabilities as float[] ?? [.. prediction.Probabilities]);
        Add(prediction.RawFeatures.AsSpan().ToArray());
        Add(prediction.NormalizedFeatures.AsSpan().ToArray());
        Add(prediction.FeatureSet);
        Add(prediction.ModelVersion);
        Add(prediction.RecursionCycles);
        Add(prediction.LatentSteps);
        Add(prediction.Quality);
        Add<long?>(prediction.Staleness is { } age ? Microseconds.Of(age) : null);
        Add(prediction.Proxies as string[] ?? [.. prediction.Proxies]);
        Add(prediction.TraceParent);
        Add((short)prediction.Strategy.Id);
        Add(prediction.Confidence);

        void Add<T>(T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
    }

    /// <summary>What <see cref="AppendSql"/> saw: the log's epoch, null when there is none; its last sequence before; whether it added.</summary>
    public static (Guid? Epoch, long Last, bool Added) ReadSeen(NpgsqlDataReader row) =>
        (row.IsDBNull(0) ? null : row.GetGuid(0), row.GetInt64(1), row.GetBoolean(2));

    /// <summary>
    /// Of a market in a shard: $1 market, $2 after, $3 before, $4 limit, and for a query by time $5 from, $6 to: rows of epoch and columns, in ascending
    /// sequence.
    /// </summary>
    public static string SelectSql(string market, LogQuery query)
    {
        var predictions = Table(PostgresShard.Of(market));
        const string InLog = "log = (SELECT id FROM log)";
        const string InSequence = $"{InLog} AND sequence > $2 AND sequence < $3";
        var direction = query.Newest ? "DESC" : "";
        // The sum keeps the planner from walking a year of rows in sequence order to find an hour; the index on time answers alone.
        var rows = IsByTime(query)
            ? $"""
                {InLog} AND sequence = ANY (ARRAY(
                    SELECT sequence FROM {predictions} WHERE {InSequence} AND timestamp >= $5 AND timestamp < $6
                    ORDER BY sequence + 0 {direction} LIMIT $4))
                """
            : $"{InSequence} ORDER BY sequence {direction} LIMIT $4";
        return $"""
            WITH log AS ({CurrentLog})
            SELECT epoch, {Columns} FROM log CROSS JOIN (
                SELECT {Columns} FROM {predictions} WHERE {rows}) p
            ORDER BY sequence
            """;
    }

    /// <summary>Fills the parameters of <see cref="SelectSql"/>.</summary>
    public static void Bind(NpgsqlParameterCollection parameters, string market, LogQuery query)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = market });
        Add(query.After ?? 0);
        Add(query.Before ?? long.MaxValue);
        Add(query.Limit);
        if (!IsByTime(query)) return;
        Add(query.From is { } from ? Microseconds.Ceiling(from) : long.MinValue);
        Add(query.To is { } to ? Microseconds.Ceiling(to) : long.MaxValue);

        void Add(long value) => parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
    }

    /// <summary>A row of epoch and columns.</summary>
    public static Prediction Map(NpgsqlDataReader row, string market) => new()
    {
        Market = market,
        Epoch = row.GetGuid(0),
        Sequence = row.GetInt64(1),
        Timestamp = Microseconds.ToInstant(row.GetInt64(2)),
        AsOf = Microseconds.ToInstant(row.GetInt64(3)),
        EmittedAt = Microseconds.ToInstant(row.GetInt64(4)),
        Origin = SnapshotOrigins.TryParse(row.GetString(5), out var origin)
            ? origin
            : throw new StorageException("storage_corrupt", $"prediction {row.GetInt64(1)} of market {market} has source '{row.GetString(5)}', which is none"),
        HaltProbability = row.GetFloat(6),
        Probabilities = row.GetFieldValue<float[]>(7),
        RawFeatures = FeatureVector.From(row.GetFieldValue<double[]>(8)),
        NormalizedFeatures = FeatureVector.From(row.GetFieldValue<double[]>(9)),
        FeatureSet = row.GetString(10),
        ModelVersion = row.GetString(11),
        RecursionCycles = row.GetInt32(12),
        LatentSteps = row.GetInt32(13),
        Quality = row.GetDouble(14),
        Staleness = row.IsDBNull(15) ? null : Microseconds.ToDuration(row.GetInt64(15)),
        Proxies = row.GetFieldValue<string[]>(16),
        TraceParent = row.GetString(17),
    };

    private static string BuildAppendSql(int shard) =>
        $"""
        WITH log AS ({CurrentLog}),
        last AS (
            SELECT COALESCE((
                SELECT sequence FROM {Table(shard)} WHERE log = (SELECT id FROM log) ORDER BY sequence DESC LIMIT 1), 0) AS sequence),
        added AS (
            INSERT INTO {Table(shard)} (shard, log, {Columns}, strategy_id, confidence)
            SELECT {shard}, log.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21
            FROM log, last WHERE log.epoch = $2 AND last.sequence + 1 = $3
            ON CONFLICT (log, sequence, shard) DO NOTHING RETURNING sequence)
        SELECT (SELECT epoch FROM log), (SELECT sequence FROM last), EXISTS (SELECT FROM added)
        """;

    private static string BuildHeadSql(int shard) =>
        $"""
        WITH log AS ({CurrentLog})
        SELECT epoch, {Columns} FROM log LEFT JOIN (
            SELECT {Columns} FROM {Table(shard)} WHERE log = (SELECT id FROM log) ORDER BY sequence DESC LIMIT 1) p ON true
        """;

    private static string Table(int shard) => string.Create(CultureInfo.InvariantCulture, $"trm.predictions_{shard:00}");

    private static bool IsByTime(LogQuery query) => query.From is not null || query.To is not null;
}
