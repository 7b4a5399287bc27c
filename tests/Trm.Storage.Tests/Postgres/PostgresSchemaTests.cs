using Npgsql;
using Trm.Storage.Postgres;
using Trm.Tests.Postgres;

namespace Trm.Storage.Tests.Postgres;

public sealed class PostgresSchemaTests(PostgresServer server)
{
    [Fact]
    public async Task A_new_database_gets_every_step_once()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        var first = await PostgresSchema.ApplyAsync(database);
        Assert.Equal(PostgresMigration.All.Select(step => step.Name), first.Applied);
        Assert.Equal(PostgresMigration.All[^1].Version, first.Version);

        var again = await PostgresSchema.ApplyAsync(database);
        Assert.Empty(again.Applied);
        Assert.Equal(first.Version, again.Version);
    }

    [Fact]
    public async Task Several_that_apply_at_once_take_each_step_once()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgresSchema.ApplyAsync(database))));
        Assert.Equal(PostgresMigration.All.Select(step => step.Name), reports.SelectMany(report => report.Applied).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_step_added_later_is_taken_whatever_its_number()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        PostgresMigration[] released = [new(1, "001-a", "CREATE TABLE a (x integer);"), new(20, "020-c", "CREATE TABLE c (x integer);")];
        await PostgresSchema.ApplyAsync(database, released, default);
        var report = await PostgresSchema.ApplyAsync(database, [.. released, new(10, "010-b", "CREATE TABLE b (x integer);")], default);
        Assert.Equal(["010-b"], report.Applied);
    }

    [Fact]
    public async Task Predictions_of_an_earlier_version_move_to_their_markets_shards()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        await PostgresSchema.ApplyAsync(database, [PostgresMigration.All[0]], default);
        await RunAsync(
            database,
            """
            INSERT INTO trm.logs (market, epoch, created_at) SELECT 'market-' || n, gen_random_uuid(), n FROM generate_series(1, 20) n;
            INSERT INTO trm.predictions
            SELECT id, i, i, 0, 0, null, 1, 0.5, 0.5, 3, 6, 7, array_fill(0.125::real, ARRAY[8]), array_fill(0.5::double precision, ARRAY[10]),
                array_fill(0.5::double precision, ARRAY[10]), 'replay', 'causal-v2', '1', '', '{}'
            FROM trm.logs, generate_series(1, 50) i
            """);

        await PostgresSchema.ApplyAsync(database);
        Assert.Equal(1_000L, await RunAsync(database, "SELECT count(*) FROM trm.predictions p JOIN trm.logs l ON l.id = p.log WHERE p.shard = trm.shard_of(l.market)"));
        var log = await PostgresPredictionLog.OpenAsync(database, TimeProvider.System);
        await using var _ = log;
        Assert.Equal(50, (await log.OpenAsync("market-7")).Sequence);
    }

    [Fact]
    public async Task A_market_has_one_shard_here_and_on_the_server()
    {
        var database = await server.CreateDatabaseAsync();
        string[] markets = ["", "us-equities", "märkte", .. Enumerable.Range(0, 200).Select(i => $"m{i}")];
        Assert.Equal(PostgresShard.Count, markets.Select(PostgresShard.Of).Distinct().Count());
        foreach (var market in markets) Assert.Equal((short)PostgresShard.Of(market), await RunAsync(database, $"SELECT trm.shard_of('{market}')"));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_itself()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        PostgresMigration[] steps = [new(1, "001-good", "CREATE TABLE good (x integer);"), new(2, "002-bad", "CREATE TABLE half (x integer); SELECT 1 / 0;")];
        await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.ApplyAsync(database, steps, default));

        Assert.True(await ExistsAsync(database, "good"));
        Assert.False(await ExistsAsync(database, "half"));
        steps[1] = steps[1] with { Sql = "CREATE TABLE half (x integer);" };
        Assert.Equal(["002-bad"], (await PostgresSchema.ApplyAsync(database, steps, default)).Applied);
    }

    [Fact]
    public async Task A_step_may_hold_functions_and_texts_of_queries()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        const string Sql =
            """
            CREATE FUNCTION twice(x integer) RETURNS integer AS $$ BEGIN RETURN 2 * x; END; $$ LANGUAGE plpgsql; -- a ; in a comment
            CREATE TABLE queries (text text);
            INSERT INTO queries VALUES ('SELECT * FROM t WHERE a = @a; SELECT $1'), ($q$ it's; @b $q$);
            """;
        await PostgresSchema.ApplyAsync(database, [new(1, "001-functions", Sql)], default);
        Assert.Equal(84, await RunAsync(database, "SELECT twice(42)"));
        Assert.Equal("SELECT * FROM t WHERE a = @a; SELECT $1| it's; @b ", await RunAsync(database, "SELECT string_agg(text, '|') FROM queries"));
    }

    [Theory]
    [InlineData("Host=db;Bogus=1", "not readable")]
    [InlineData("Password=secret", "names no Host")]
    public async Task A_connection_string_that_is_none_is_said_to_be_without_repeating_it(string text, string message)
    {
        var e = await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.ApplyAsync(text));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_the_tables_says_what_to_run()
    {
        var database = await server.CreateDatabaseAsync(schema: false);
        var e = await Assert.ThrowsAsync<StorageException>(() => PostgresSchema.VerifyAsync(database));
        Assert.Equal("storage_not_initialised", e.Code);
        Assert.Contains("run 'trm cluster init --connection …'", e.Message, StringComparison.Ordinal);
        Assert.Contains(PostgresMigration.All[0].Name, e.Message, StringComparison.Ordinal);

        await PostgresSchema.ApplyAsync(database);
        await PostgresSchema.VerifyAsync(database);
    }

    [Fact]
    public async Task A_schema_of_a_later_version_is_refused()
    {
        var database = await server.CreateDatabaseAsync();
        await RunAsync(database, "INSERT INTO trm.schema_migrations (version, name) VALUES (999, '999-later')");
        foreach (var use in new Func<Task>[] { () => PostgresSchema.ApplyAsync(database), () => PostgresSchema.VerifyAsync(database) })
        {
            var e = await Assert.ThrowsAsync<StorageException>(use);
            Assert.Equal("storage_too_new", e.Code);
            Assert.Contains("has schema 999, this version knows", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_the_password()
    {
        var e = await Assert.ThrowsAsync<StorageException>(
            () => PostgresSchema.VerifyAsync("Host=127.0.0.1;Port=1;Username=trm;Password=secret;Database=trm"));
        Assert.Equal("storage_unavailable", e.Code);
        Assert.Contains("127.0.0.1:1, database trm", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> ExistsAsync(string database, string table) => await RunAsync(database, $"SELECT to_regclass('{table}') IS NOT NULL") is true;

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
