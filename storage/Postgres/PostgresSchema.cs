using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Trm.Storage.Postgres;

/// <summary>
/// The tables in PostgreSQL: ours in schema <c>trm</c>, those that Orleans asks for in schema <c>public</c>. Steps are
/// recorded in <c>trm.schema_migrations</c>; what is there already is left as it is.
/// </summary>
public static class PostgresSchema
{
    /// <summary>Held while the schema changes, so that of two processes the second finds the steps taken.</summary>
    private const long LockKey = 0x54524D; // "TRM"

    /// <summary>Brings a database up to date: each missing step in a transaction of its own.</summary>
    /// <param name="connectionString">A database, and a user that may create schemas in it.</param>
    /// <param name="cancellation">Gives up between steps.</param>
    /// <exception cref="StorageException"><c>storage_unavailable</c> or <c>storage_too_new</c>.</exception>
    public static Task<SchemaReport> ApplyAsync(string connectionString, CancellationToken cancellation = default) =>
        ApplyAsync(connectionString, PostgresMigration.All, cancellation);

    /// <summary>Checks that every step is there.</summary>
    /// <param name="connectionString">A database.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The highest step.</returns>
    /// <exception cref="StorageException">
    /// <c>storage_not_initialised</c> when steps are missing, <c>storage_too_new</c>, or <c>storage_unavailable</c>.
    /// </exception>
    public static async Task<int> VerifyAsync(string connectionString, CancellationToken cancellation = default)
    {
        var where = PostgresErrors.Where(connectionString);
        try
        {
            var connection = await OpenAsync(connectionString, cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            var known = PostgresMigration.All;
            var there = await IsStartedAsync(connection, cancellation).ConfigureAwait(false)
                ? await AppliedAsync(connection, known, where, cancellation).ConfigureAwait(false)
                : [];
            var missing = known.Where(step => !there.Contains(step.Version)).Select(step => step.Name).ToArray();
            if (missing.Length > 0) throw NotInitialised(where, $"missing: {string.Join(", ", missing)}");
            return known.Max(step => step.Version);
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e))
        {
            throw PostgresErrors.Explain(e, where);
        }
    }

    internal static StorageException NotInitialised(string where, string detail, Exception? inner = null) => new(
        "storage_not_initialised", $"{where} lacks tables of this version ({detail}); run 'trm cluster init --connection …'", inner);

    internal static async Task<SchemaReport> ApplyAsync(string connectionString, IReadOnlyList<PostgresMigration> known, CancellationToken cancellation)
    {
        var where = PostgresErrors.Where(connectionString);
        try
        {
            // Closing the connection gives the lock back, whatever happened.
            var connection = await OpenAsync(connectionString, cancellation).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellation).ConfigureAwait(false);
            await ExecuteAsync(
                connection,
                """
                CREATE SCHEMA IF NOT EXISTS trm;
                CREATE TABLE IF NOT EXISTS trm.schema_migrations (
                    version    integer     PRIMARY KEY,
                    name       text        NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                );
                """,
                cancellation).ConfigureAwait(false);

            var there = await AppliedAsync(connection, known, where, cancellation).ConfigureAwait(false);
            var missing = known.Where(step => !there.Contains(step.Version)).ToArray();
            foreach (var step in missing) await TakeAsync(connection, step, cancellation).ConfigureAwait(false);
            return new SchemaReport([.. missing.Select(step => step.Name)], known.Max(step => step.Version));
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e))
        {
            throw PostgresErrors.Explain(e, where);
        }
    }

    private static async Task TakeAsync(NpgsqlConnection connection, PostgresMigration step, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, step.Sql, cancellation).ConfigureAwait(false);
        using var record = new NpgsqlCommand("INSERT INTO trm.schema_migrations (version, name) VALUES ($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = step.Version }, new NpgsqlParameter<string> { TypedValue = step.Name } },
        };
        await record.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<HashSet<int>> AppliedAsync(
        NpgsqlConnection connection, IReadOnlyList<PostgresMigration> known, string where, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand("SELECT version FROM trm.schema_migrations", connection);
        var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var _ = row.ConfigureAwait(false);
        var versions = new HashSet<int>();
        while (await row.ReadAsync(cancellation).ConfigureAwait(false)) versions.Add(row.GetInt32(0));

        var newest = known.Max(step => step.Version);
        if (versions.Count > 0 && versions.Max() > newest)
        {
            throw new StorageException(
                "storage_too_new", $"{where} has schema {versions.Max()}, this version knows {newest}; use the newer trm that wrote it, or another database");
        }
        return versions;
    }

    private static async Task<bool> IsStartedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand("SELECT to_regclass('trm.schema_migrations') IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        // No time limit: another process may hold the lock for as long as its steps take.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ToString());
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "The text is ours: embedded steps and constants.")]
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
