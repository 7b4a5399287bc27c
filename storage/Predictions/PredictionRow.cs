using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Predictions;

/// <summary>A prediction as a row, there and back: what is read equals what was written, to the microsecond and the last bit.</summary>
internal static class PredictionRow
{
    private const string Columns =
        """
        sequence, timestamp, as_of, emitted_at, source, halt_probability, probabilities, raw_features, normalized_features,
        feature_set, model_version, recursion_cycles, latent_steps, quality, staleness, proxies, traceparent
        """;

    public static void Insert(SqliteConnection connection, LogRow log, Prediction prediction) => connection.Execute(
        $"""
        INSERT INTO predictions (log, strategy_id, confidence, {Columns})
        VALUES ($log, $strategy, $confidence, $sequence, $timestamp, $asOf, $emittedAt, $source, $halt, $probabilities, $raw, $normalized,
                $featureSet, $modelVersion, $cycles, $steps, $quality, $staleness, $proxies, $traceparent)
        """,
        ("$log", log.Id),
        ("$strategy", prediction.Strategy.Id),
        ("$confidence", prediction.Confidence),
        ("$sequence", prediction.Sequence),
        ("$timestamp", Microseconds.Of(prediction.Timestamp)),
        ("$asOf", Microseconds.Of(prediction.AsOf)),
        ("$emittedAt", Microseconds.Of(prediction.EmittedAt)),
        ("$source", prediction.Origin.WireName()),
        ("$halt", prediction.HaltProbability),
        ("$probabilities", JsonSerializer.Serialize(prediction.Probabilities)),
        ("$raw", JsonSerializer.Serialize(prediction.RawFeatures.AsSpan().ToArray())),
        ("$normalized", JsonSerializer.Serialize(prediction.NormalizedFeatures.AsSpan().ToArray())),
        ("$featureSet", prediction.FeatureSet),
        ("$modelVersion", prediction.ModelVersion),
        ("$cycles", prediction.RecursionCycles),
        ("$steps", prediction.LatentSteps),
        ("$quality", prediction.Quality),
        ("$staleness", prediction.Staleness is { } age ? Microseconds.Of(age) : null),
        ("$proxies", JsonSerializer.Serialize(prediction.Proxies)),
        ("$traceparent", prediction.TraceParent));

    /// <summary>What a query asks of one log, in ascending sequence.</summary>
    public static IReadOnlyList<Prediction> Read(SqliteConnection connection, LogRow log, LogQuery query)
    {
        using var command = connection.Statement(
            Sql(query),
            ("$log", log.Id),
            ("$after", query.After ?? 0),
            ("$before", query.Before ?? long.MaxValue),
            ("$from", query.From is { } from ? Microseconds.Ceiling(from) : long.MinValue),
            ("$to", query.To is { } to ? Microseconds.Ceiling(to) : long.MaxValue),
            ("$limit", query.Limit));
        using var row = command.ExecuteReader();

        var predictions = new List<Prediction>();
        while (row.Read()) predictions.Add(Map(row, log));
        if (query.Newest) predictions.Reverse();
        return predictions;
    }

    private static string Sql(LogQuery query)
    {
        const string InSequence = "log = $log AND sequence > $after AND sequence < $before";
        var order = query.Newest ? "ORDER BY sequence DESC LIMIT $limit" : "ORDER BY sequence LIMIT $limit";
        if (query.From is null && query.To is null) return $"SELECT {Columns} FROM predictions WHERE {InSequence} {order}";

        // Left to itself SQLite may walk a year of rows in sequence order to find an hour; the index on time answers alone.
        return $"""
            SELECT {Columns} FROM predictions WHERE log = $log AND sequence IN (
                SELECT sequence FROM predictions INDEXED BY predictions_by_time
                WHERE {InSequence} AND timestamp >= $from AND timestamp < $to {order})
            {order}
            """;
    }

    private static Prediction Map(SqliteDataReader row, LogRow log) => new()
    {
        Market = log.Market,
        Epoch = log.Epoch,
        Sequence = row.GetInt64(0),
        Timestamp = Microseconds.ToInstant(row.GetInt64(1)),
        AsOf = Microseconds.ToInstant(row.GetInt64(2)),
        EmittedAt = Microseconds.ToInstant(row.GetInt64(3)),
        Origin = SnapshotOrigins.TryParse(row.GetString(4), out var origin)
            ? origin
            : throw new StorageException("storage_corrupt", $"prediction {row.GetInt64(0)} of market {log.Market} has source '{row.GetString(4)}', which is none"),
        HaltProbability = row.GetFloat(5),
        Probabilities = JsonSerializer.Deserialize<float[]>(row.GetString(6))!,
        RawFeatures = FeatureVector.From(JsonSerializer.Deserialize<double[]>(row.GetString(7))),
        NormalizedFeatures = FeatureVector.From(JsonSerializer.Deserialize<double[]>(row.GetString(8))),
        FeatureSet = row.GetString(9),
        ModelVersion = row.GetString(10),
        RecursionCycles = row.GetInt32(11),
        LatentSteps = row.GetInt32(12),
        Quality = row.GetDouble(13),
        Staleness = row.IsDBNull(14) ? null : Microseconds.ToDuration(row.GetInt64(14)),
        Proxies = JsonSerializer.Deserialize<string[]>(row.GetString(15))!,
        TraceParent = row.GetString(16),
    };
}
