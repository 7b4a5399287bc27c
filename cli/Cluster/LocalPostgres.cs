using System.Globalization;
using Npgsql;
using Trm.Core;
using Trm.Hosting;
using Trm.Storage.Postgres;

namespace Trm.Cli.Cluster;

/// <summary>A private PostgreSQL.</summary>
internal sealed class LocalPostgres(TimeProvider time) : IClusterDatabase
{
    private const int PatienceSeconds = 2;

    private static readonly TimeSpan WorkersLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task<DatabaseInstance?> FindAsync(string folder, CancellationToken cancellation) =>
        await PrivatePostgres.AttachAsync(folder, cancellation).ConfigureAwait(false) is { } server ? Instance(server) : null;

    public async Task<DatabaseInstance> StartAsync(string folder, CancellationToken cancellation)
    {
        await ForgetKilledAsync(Path.GetFullPath(folder), cancellation).ConfigureAwait(false);
        // Not disposed: it shall outlive this program.
        var server = await PrivatePostgres.StartAsync(folder, cancellation: cancellation).ConfigureAwait(false);
        return Instance(server) ?? throw new TrmException("node_failed", $"PostgreSQL in {folder} ended right after its start; its postgres.log there says why");
    }

    public async Task<IReadOnlyList<string>> ApplySchemaAsync(string connection, CancellationToken cancellation) =>
        (await PostgresSchema.ApplyAsync(connection, cancellation).ConfigureAwait(false)).Applied;

    public async Task<Readiness> CheckAsync(string connection, CancellationToken cancellation)
    {
        try
        {
            var impatient = new NpgsqlConnectionStringBuilder(connection) { Timeout = PatienceSeconds, CommandTimeout = PatienceSeconds, Pooling = false };
            var session = new NpgsqlConnection(impatient.ToString());
            await using var closing = session.ConfigureAwait(false);
            await session.OpenAsync(cancellation).ConfigureAwait(false);
            using var query = new NpgsqlCommand("SELECT 1", session);
            await query.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
            return Readiness.Ready;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return Readiness.Not(error.GetBaseException().Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>
    /// A server that was killed keeps its number until its parent takes note, in a container without an init process for good;
    /// PostgreSQL takes it for one that runs, and does not start. Its lock is removed then, once none of its workers, whom the
    /// lock is for, is left.
    /// </summary>
    private async Task ForgetKilledAsync(string folder, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "data");
        var lockFile = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(lockFile) || !int.TryParse(File.ReadLines(lockFile).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return;
        if (!ProcessTable.IsUncollected(pid)) return;
        for (var began = time.GetTimestamp(); ProcessTable.WorkingIn(data).Count > 0; await Task.Delay(Look, time, cancellation).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(began) >= WorkersLimit) return; // It says best itself why it does not start.
        }
        File.Delete(lockFile);
    }

    private static DatabaseInstance? Instance(PrivatePostgres server) => server.ProcessId is { } pid && ProcessTable.Identify(pid) is { } process
        ? new DatabaseInstance(process, server.ConnectionString, server.Port, Path.Combine(server.Folder, "postgres.log"))
        : null;
}
