using Npgsql;
using Trm.Storage.Postgres;
using Trm.Tests.Postgres;

namespace Trm.Storage.Tests.Postgres;

public sealed class PrivatePostgresTests
{
    public PrivatePostgresTests() => PostgresServer.SkipUnlessInstalled();

    [Fact]
    public async Task A_server_keeps_its_data_its_password_and_its_port()
    {
        using var folder = new TemporaryFolder();
        string connection;
        await using (var first = await PrivatePostgres.StartAsync(folder.Path, durable: false))
        {
            connection = first.ConnectionString;
            await RunAsync(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        await using var second = await PrivatePostgres.StartAsync(folder.Path);
        Assert.Equal(connection, second.ConnectionString);
        Assert.Equal(42, await RunAsync(connection, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_later_process_finds_the_server_and_can_stop_it()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(await PrivatePostgres.AttachAsync(folder.Path));
        await using var started = await PrivatePostgres.StartAsync(folder.Path, durable: false);

        var attached = await PrivatePostgres.AttachAsync(folder.Path);
        Assert.NotNull(attached);
        Assert.Equal((started.ConnectionString, started.ProcessId), (attached.ConnectionString, attached.ProcessId));
        await attached.DisposeAsync();
        Assert.NotNull(started.ProcessId);

        // Starting what runs is no error, and starts nothing.
        Assert.Equal(started.ProcessId, (await PrivatePostgres.StartAsync(folder.Path)).ProcessId);

        await attached.StopAsync();
        Assert.Null(started.ProcessId);
        Assert.Null(await PrivatePostgres.AttachAsync(folder.Path));
        await started.StopAsync();
    }

    [Fact]
    public async Task What_was_committed_is_there_after_an_immediate_stop()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PrivatePostgres.StartAsync(folder.Path, durable: false);
        await RunAsync(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        var process = server.ProcessId;

        await server.RestartAsync(immediate: true);
        Assert.NotEqual(process, server.ProcessId);
        Assert.Equal(42, await RunAsync(server.ConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_stranger_on_this_machine_needs_the_password()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PrivatePostgres.StartAsync(folder.Path, durable: false);
        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ToString();
        var e = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(stranger, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, e.SqlState);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("password")));
    }

    [Fact]
    public async Task A_server_is_durable_unless_told_otherwise()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PrivatePostgres.StartAsync(folder.Path);
        Assert.Equal(("on", "on", "on"), (
            (string)(await RunAsync(server.ConnectionString, "SHOW fsync"))!,
            (string)(await RunAsync(server.ConnectionString, "SHOW full_page_writes"))!,
            (string)(await RunAsync(server.ConnectionString, "SHOW synchronous_commit"))!));
        Assert.Equal("127.0.0.1", await RunAsync(server.ConnectionString, "SHOW listen_addresses"));
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
