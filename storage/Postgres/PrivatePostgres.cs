using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Trm.Storage.Postgres;

/// <summary>
/// A PostgreSQL server of one's own: for first runs on one machine and for tests. Its data, its password, its port and its
/// log lie in one folder; it listens on loopback only, and lives on when the process that started it ends. Needs
/// PostgreSQL's programs (<c>apt-get install postgresql</c>), not a configured server.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Name = "trm";

    /// <summary>Below the ports that the system gives to outgoing connections, which could take it while the server restarts.</summary>
    private const int FirstPort = 15_000;
    private const int LastPort = 32_000;
    private const int PortsTried = 20;
    private const int StartSeconds = 60;

    private readonly PostgresTools tools;
    private readonly bool owner;

    private PrivatePostgres(PostgresTools tools, string folder, int port, string password, bool owner)
    {
        this.tools = tools;
        this.owner = owner;
        Folder = folder;
        Port = port;
        ConnectionString = ConnectTo(Name, port, password);
    }

    /// <summary>What it keeps: <c>data/</c>, <c>password</c>, <c>port</c> and <c>postgres.log</c>.</summary>
    public string Folder { get; }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>For Npgsql, to database <c>trm</c> as its superuser <c>trm</c>; holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>The postmaster's process; null when the server does not run.</summary>
    public int? ProcessId => ReadProcessId(Folder);

    /// <summary>Where PostgreSQL's programs are on this machine; null when there are none.</summary>
    public static string? FindBinaries() => PostgresTools.Find();

    /// <summary>
    /// Starts the server of a folder, and makes it when the folder is new. A server that runs there already is taken as it is.
    /// </summary>
    /// <param name="folder">Its folder; made when missing, and given to user <c>postgres</c> when we are root.</param>
    /// <param name="port">Its port; null is the one it had, or a free one.</param>
    /// <param name="durable">
    /// False for tests only: commits then do not wait for the disk, and a loss of power may damage the data. Decided when the
    /// folder is made.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">
    /// <c>postgres_missing</c>: no programs, or no user to run them as. <c>storage_unavailable</c>: it does not start.
    /// </exception>
    public static async Task<PrivatePostgres> StartAsync(string folder, int? port = null, bool durable = true, CancellationToken cancellation = default)
    {
        folder = Path.GetFullPath(folder);
        if (await AttachAsync(folder, cancellation).ConfigureAwait(false) is { } running)
        {
            if (port is { } wanted && wanted != running.Port)
                throw new StorageException("storage_unavailable", $"the server in {folder} runs on port {running.Port}, not {wanted}; stop it first, or leave the port out");
            return running;
        }

        var tools = PostgresTools.Require();
        Directory.CreateDirectory(folder);
        await PostgresTools.HandOverAsync(folder, cancellation).ConfigureAwait(false);
        if (!Directory.Exists(DataOf(folder))) await InitialiseAsync(tools, folder, durable, cancellation).ConfigureAwait(false);

        var chosen = await StartOnAsync(tools, folder, port ?? RememberedPort(folder), cancellation).ConfigureAwait(false);
        var password = await ReadPasswordAsync(folder, cancellation).ConfigureAwait(false);
        await EnsureDatabaseAsync(chosen, password, cancellation).ConfigureAwait(false);
        return new PrivatePostgres(tools, folder, chosen, password, owner: true);
    }

    /// <summary>
    /// The server that runs in a folder, whoever started it; null when none does. Disposing what this returns leaves the server
    /// running: <see cref="StopAsync"/> ends it.
    /// </summary>
    /// <exception cref="StorageException"><c>postgres_missing</c>.</exception>
    public static async Task<PrivatePostgres?> AttachAsync(string folder, CancellationToken cancellation = default)
    {
        folder = Path.GetFullPath(folder);
        if (ReadProcessId(folder) is null || RememberedPort(folder) is not { } port) return null;
        var tools = PostgresTools.Require();
        // The file outlives a server that was killed; pg_ctl asks the process.
        var (code, _) = await tools.RunAsync("pg_ctl", ["-D", DataOf(folder), "status"], folder, cancellation).ConfigureAwait(false);
        return code == 0
            ? new PrivatePostgres(tools, folder, port, await ReadPasswordAsync(folder, cancellation).ConfigureAwait(false), owner: false)
            : null;
    }

    /// <summary>Stops the server; nothing when it does not run.</summary>
    /// <param name="immediate">As a crash would: connections are cut, and the next start recovers from the write-ahead log.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task StopAsync(bool immediate = false, CancellationToken cancellation = default)
    {
        if (ProcessId is null) return;
        var (code, output) = await tools.RunAsync(
            "pg_ctl", ["-D", DataOf(Folder), "-m", immediate ? "immediate" : "fast", "-w", "stop"], Folder, cancellation).ConfigureAwait(false);
        // A server that died meanwhile is stopped too; its file stays behind.
        if (code != 0 && await AttachAsync(Folder, cancellation).ConfigureAwait(false) is not null)
            throw new StorageException("storage_unavailable", $"the server in {Folder} does not stop ({OneLine(output)}); see {LogOf(Folder)}");
    }

    /// <summary>Stops the server and starts it on the same port.</summary>
    /// <param name="immediate">As a crash would.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task RestartAsync(bool immediate = false, CancellationToken cancellation = default)
    {
        await StopAsync(immediate, cancellation).ConfigureAwait(false);
        await StartOnAsync(tools, Folder, Port, cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops the server when <see cref="StartAsync"/> of this object started it. To leave it running, do not dispose.</summary>
    public async ValueTask DisposeAsync()
    {
        if (owner) await StopAsync().ConfigureAwait(false);
    }

    private static async Task InitialiseAsync(PostgresTools tools, string folder, bool durable, CancellationToken cancellation)
    {
        var password = PasswordOf(folder);
        await WritePrivatelyAsync(password, Convert.ToHexString(RandomNumberGenerator.GetBytes(24)), cancellation).ConfigureAwait(false);
        await PostgresTools.HandOverAsync(folder, cancellation).ConfigureAwait(false);

        // Made beside and then moved, so that a start which is cut off leaves no half-made data folder.
        var data = DataOf(folder);
        var draft = data + ".new";
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        string[] arguments =
        [
            "-D", draft, "--username", Name, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            .. durable ? Array.Empty<string>() : ["--no-sync"],
        ];
        var (code, output) = await tools.RunAsync("initdb", arguments, folder, cancellation).ConfigureAwait(false);
        if (code != 0) throw new StorageException("storage_unavailable", $"initdb cannot make {draft} ({OneLine(output)})");

        await File.AppendAllTextAsync(Path.Combine(draft, "postgresql.conf"), Settings(durable), cancellation).ConfigureAwait(false);
        Directory.Move(draft, data);
    }

    private static string Settings(bool durable) =>
        $"""

        # A private server for one machine: loopback only, no socket file, small memory.
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 500
        shared_buffers = 128MB
        {(durable ? "" : "fsync = off # for tests: a loss of power may damage the data\nfull_page_writes = off")}

        """;

    private static async Task<int> StartOnAsync(PostgresTools tools, string folder, int? port, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            var candidate = port ?? FreePort();
            var (code, output) = await tools.RunAsync(
                "pg_ctl",
                ["-D", DataOf(folder), "-l", LogOf(folder), "-w", "-t", Text(StartSeconds), "-o", $"-p {Text(candidate)}", "start"],
                folder,
                cancellation).ConfigureAwait(false);
            if (code == 0)
            {
                await File.WriteAllTextAsync(PortOf(folder), Text(candidate), cancellation).ConfigureAwait(false);
                return candidate;
            }
            // A port that was free may be taken a moment later; one that was asked for is not exchanged for another.
            if (port is null && tried < PortsTried && !IsFree(candidate)) continue;
            throw new StorageException(
                "storage_unavailable",
                IsFree(candidate)
                    ? $"PostgreSQL in {folder} does not start ({OneLine(output)}); {LogOf(folder)} says why"
                    : $"PostgreSQL in {folder} does not start: port {candidate} is taken; free it, or give another port");
        }
    }

    private static async Task EnsureDatabaseAsync(int port, string password, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(ConnectTo("postgres", port, password) + ";Pooling=false");
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        using var find = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Name}'", connection);
        if (await find.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not null) return;
        using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
        await create.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static string ConnectTo(string database, int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Username = Name,
        Password = password,
        // Loopback: nothing to encrypt, and no time spent on asking.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ToString();

    private static int FreePort()
    {
        for (var tried = 0; tried < PortsTried; tried++)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);
            if (IsFree(port)) return port;
        }
        throw new StorageException("storage_unavailable", $"none of {PortsTried} ports tried from {FirstPort} to {LastPort} is free on 127.0.0.1; give one that is");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task WritePrivatelyAsync(string path, string text, CancellationToken cancellation)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var writer = new StreamWriter(path, options);
        await using var _ = writer.ConfigureAwait(false);
        await writer.WriteAsync(text.AsMemory(), cancellation).ConfigureAwait(false);
    }

    private static async Task<string> ReadPasswordAsync(string folder, CancellationToken cancellation) =>
        (await File.ReadAllTextAsync(PasswordOf(folder), cancellation).ConfigureAwait(false)).Trim();

    private static int? ReadProcessId(string folder)
    {
        var path = Path.Combine(DataOf(folder), "postmaster.pid");
        try
        {
            return int.TryParse(File.ReadLines(path).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int? RememberedPort(string folder) =>
        File.Exists(PortOf(folder)) && int.TryParse(File.ReadAllText(PortOf(folder)), CultureInfo.InvariantCulture, out var port) ? port : null;

    private static string DataOf(string folder) => Path.Combine(folder, "data");

    private static string PasswordOf(string folder) => Path.Combine(folder, "password");

    private static string PortOf(string folder) => Path.Combine(folder, "port");

    private static string LogOf(string folder) => Path.Combine(folder, "postgres.log");

    private static string OneLine(string output) => output.Trim().ReplaceLineEndings(" ");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
