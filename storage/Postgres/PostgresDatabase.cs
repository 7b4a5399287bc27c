using Npgsql;

namespace Trm.Storage.Postgres;

/// <summary>One database and its pool of connections. What a restart of the server broke is replaced without a word.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Unless the connection string says otherwise: many processes share one server's connections.</summary>
    private const int LargestPool = 16;

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource unpooled;

    private PostgresDatabase(NpgsqlConnectionStringBuilder settings, string where)
    {
        Where = where;
        source = NpgsqlDataSource.Create(settings);
        settings.Pooling = false;
        unpooled = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Server and database, for messages.</summary>
    public string Where { get; }

    /// <summary>Opens a database that has our tables.</summary>
    /// <exception cref="StorageException"><c>storage_not_initialised</c>, <c>storage_too_new</c> or <c>storage_unavailable</c>.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var where = PostgresErrors.Where(connectionString);
        await PostgresSchema.VerifyAsync(connectionString, cancellation).ConfigureAwait(false);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Our statements are few, one of each kind for a shard, and leave nothing behind in a session.
            MaxAutoPrepare = 4 * PostgresShard.Count,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        if (!settings.ContainsKey("Maximum Pool Size")) settings.MaxPoolSize = LargestPool;
        // A page of 500 predictions has 200 KB: fewer turns than with 8 KB.
        if (!settings.ContainsKey("Read Buffer Size")) settings.ReadBufferSize = 65_536;
        settings.ApplicationName ??= "trm";
        return new PostgresDatabase(settings, where);
    }

    /// <summary>A connection beside the pool, to keep; disposing it ends it. What went wrong is not yet explained.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellation) => unpooled.OpenConnectionAsync(cancellation);

    /// <summary>
    /// Runs work on a connection; once more on a new one when the first turns out to be broken. The work must bear that.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        for (var again = true; ; again = false)
        {
            try
            {
                var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                await using var _ = connection.ConfigureAwait(false);
                return await work(connection).ConfigureAwait(false);
            }
            catch (Exception e) when (again && PostgresErrors.IsBroken(e))
            {
                // A restart breaks every idle connection of the pool, not only this one.
                source.Clear();
            }
            catch (Exception e) when (PostgresErrors.IsOfServer(e))
            {
                throw PostgresErrors.Explain(e, Where);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A parameter that cannot be written (half a surrogate pair) leaves a connection that no longer knows what it sent.
                source.Clear();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync().ConfigureAwait(false);
        await unpooled.DisposeAsync().ConfigureAwait(false);
    }
}
