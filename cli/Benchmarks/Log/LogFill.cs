using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Trm.Storage.Postgres;

namespace Trm.Cli.Benchmarks.Log;

/// <summary>
/// Brings the bench's markets to their size by rows that PostgreSQL makes itself, in the order in which a service would have
/// written them: the markets in turn, so that no market's rows lie together.
/// </summary>
internal sealed class LogFill(string connectionString, LogPlan plan, TimeProvider time)
{
    private const long RowsPerStep = 500_000;

    /// <summary>Fills; what an earlier run left is used.</summary>
    public async Task<LogFilled> RunAsync(PostgresPredictionLog log, CancellationToken cancellation)
    {
        var shortest = long.MaxValue;
        for (var market = 0; market < plan.Markets; market++)
            shortest = Math.Min(shortest, (await log.OpenAsync(LogPlan.Name(market), cancellation).ConfigureAwait(false)).Sequence);

        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0, Pooling = false }.ToString());
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);

        var started = time.GetTimestamp();
        var added = 0L;
        var step = Math.Max(1, RowsPerStep / plan.Markets);
        for (var from = shortest + 1; from <= plan.RowsPerMarket; from += step)
        {
            var to = Math.Min(plan.RowsPerMarket, from + step - 1);
            added += await StepAsync(connection, from, to, cancellation).ConfigureAwait(false);
            Tell($"{to * plan.Markets:N0} of {plan.RowsPerMarket * plan.Markets:N0} rows, {time.GetElapsedTime(started).TotalSeconds:0} s");
        }

        // What autovacuum and the checkpointer of a running service have long done when the log is that large.
        Tell($"vacuum, analyze, checkpoint …");
        await ExecuteAsync(connection, "VACUUM (ANALYZE) trm.predictions", cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, "CHECKPOINT", cancellation).ConfigureAwait(false);
        using var size = new NpgsqlCommand("SELECT sum(pg_table_size(relid))::bigint, sum(pg_indexes_size(relid))::bigint, version() FROM pg_partition_tree('trm.predictions')", connection);
        var row = await size.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        await row.ReadAsync(cancellation).ConfigureAwait(false);
        return new LogFilled(added, time.GetElapsedTime(started), row.GetInt64(0), row.GetInt64(1), row.GetString(2));
    }

    private async Task<long> StepAsync(NpgsqlConnection connection, long from, long to, CancellationToken cancellation)
    {
        using var fill = new NpgsqlCommand(
            """
            INSERT INTO trm.predictions (shard, log, sequence, timestamp, as_of, emitted_at, staleness, quality, confidence, halt_probability, recursion_cycles,
                latent_steps, strategy_id, probabilities, raw_features, normalized_features, source, feature_set, model_version, traceparent, proxies)
            SELECT trm.shard_of($1[1 + i % $2]), (SELECT array_agg(id ORDER BY market) FROM trm.logs WHERE market = ANY ($1))[1 + i % $2],
                1 + i / $2, $3 + 500000 * (i / $2), $3, $3 + 500000 * (i / $2), 86400000000, 0.9375, 0.3, 0.25, 3, 6, i % 8,
                ARRAY[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3]::real[],
                ARRAY[14.5 + i % 20, -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.5, 0.03, 0.95]::double precision[],
                ARRAY[-0.5, 0.1 * (i % 7), -0.9, 0.2, 0.4, -0.1, 0.6, 0.7, 0.8, -1.2]::double precision[],
                'simulated', 'causal-v2', '1.0.0-bench', '00-' || md5(i::text) || '-' || substr(md5(i::text), 1, 16) || '-01', '{}'
            FROM generate_series(($4 - 1) * $2, $5 * $2 - 1) i
            ON CONFLICT DO NOTHING
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. Enumerable.Range(0, plan.Markets).Select(LogPlan.Name)] },
                new NpgsqlParameter<long> { TypedValue = plan.Markets },
                new NpgsqlParameter<long> { TypedValue = LogMeasurement.Start.ToUnixTimeMilliseconds() * 1_000 },
                new NpgsqlParameter<long> { TypedValue = from },
                new NpgsqlParameter<long> { TypedValue = to },
            },
        };
        return await fill.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "The text is a constant.")]
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static void Tell(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
