using System.Globalization;
using Npgsql;
using Trm.Storage.Postgres;

namespace Trm.Tests.Postgres;

/// <summary>
/// One PostgreSQL for all tests of a run, started when the first asks for it. Link <c>tests/Shared/Postgres/*.cs</c> into a
/// test project, say <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c> once in it, and take it in a test's constructor.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"trm-postgres-{Guid.NewGuid():N}");
    private readonly SemaphoreSlim turn = new(1, 1);
    private PrivatePostgres? server;
    private int databases;

    /// <summary>Skips the calling test, with a reason, where there is no PostgreSQL.</summary>
    public static void SkipUnlessInstalled() =>
        Assert.SkipUnless(PrivatePostgres.FindBinaries() is not null, "no PostgreSQL programs on this machine; apt-get install postgresql");

    /// <summary>The connection string of a database that no other test has.</summary>
    /// <param name="schema">With our tables.</param>
    public async Task<string> CreateDatabaseAsync(bool schema = true)
    {
        SkipUnlessInstalled();
        await turn.WaitAsync();
        try
        {
            server ??= await PrivatePostgres.StartAsync(folder, durable: false);
            // One at a time: PostgreSQL copies its template under a lock.
            var name = string.Create(CultureInfo.InvariantCulture, $"test{++databases}");
            await using (var connection = new NpgsqlConnection(server.ConnectionString))
            {
                await connection.OpenAsync();
                await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
                await create.ExecuteNonQueryAsync();
            }
            var database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ToString();
            if (schema) await PostgresSchema.ApplyAsync(database);
            return database;
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await server.StopAsync(immediate: true);
        }
        // Also what a start that failed has left.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        turn.Dispose();
    }
}
