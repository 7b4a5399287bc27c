using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Trm.Storage.Sqlite;

/// <summary>
/// One database file in WAL mode: a single writer connection that takes turns, and readers that neither wait for
/// it nor hold it up. Other processes may use the same file at the same time.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    /// <summary>
    /// Writes between checkpoints. SQLite would checkpoint within a commit, which then waits for the whole file to reach
    /// the disk; a connection of its own does it beside the writer instead.
    /// </summary>
    private const int WritesPerCheckpoint = 128;

    /// <summary>Where the writer checkpoints after all (80 MB of WAL), when those beside it cannot keep up.</summary>
    private const int LargestWalPages = 20_000;

    private readonly DatabaseKind kind;
    private readonly string path;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    private readonly SqliteConnection writer;
    private Task checkpoint = Task.CompletedTask;
    private int writes;
    private bool disposed;

    private SqliteFile(DatabaseKind kind, string path)
    {
        this.kind = kind;
        this.path = path;
        writer = Guarded(() =>
        {
            var connection = Connect();
            try
            {
                Migrations.Apply(connection, kind, path);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Creates the folder and the file when they are missing, and brings the schema up to date.</summary>
    /// <exception cref="StorageException">The folder or the file cannot be used.</exception>
    public static Task<SqliteFile> OpenAsync(string folder, DatabaseKind kind, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException("storage_unavailable", $"data folder {folder} cannot be created ({e.Message}); choose another with --data or TRM_DATA", e);
        }
        return Task.FromResult(new SqliteFile(kind, Path.GetFullPath(Path.Combine(folder, kind.FileName))));
    }

    /// <summary>Runs work in one transaction that holds the write lock from its start, so what it reads stays true.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return Guarded(() =>
            {
                using var transaction = writer.BeginTransaction(deferred: false);
                var result = work(writer);
                transaction.Commit();
                if (++writes % WritesPerCheckpoint == 0 && checkpoint.IsCompleted) checkpoint = Task.Run(Checkpoint, CancellationToken.None);
                return result;
            });
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs work on a connection of its own; it sees what was committed before its first statement.</summary>
    public T Read<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        return Guarded(() =>
        {
            var reader = readers.TryTake(out var idle) ? idle : Connect(readOnly: true);
            try
            {
                return work(reader);
            }
            finally
            {
                // One that comes back after disposal would keep the file open.
                if (disposed) reader.Dispose();
                else readers.Add(reader);
            }
        });
    }

    /// <summary>Waits for the write in progress, then closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (disposed) return;
            disposed = true;
            await checkpoint.ConfigureAwait(false);
            while (readers.TryTake(out var reader)) await reader.DisposeAsync().ConfigureAwait(false);
            // Last, so that SQLite folds the WAL into the file when no other process has it open.
            await writer.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    // Passive: it waits for nobody and holds nobody up. What it leaves over, the next one takes.
    private void Checkpoint()
    {
        try
        {
            using var connection = Connect();
            connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // Nothing is lost by a checkpoint that fails: the WAL keeps it all, and the writer checkpoints when it is full.
        }
    }

    private SqliteConnection Connect(bool readOnly = false)
    {
        // The library's own pool is off: its connections would outlive this object and forget these pragmas.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = SqliteErrors.BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            // The timeout comes first: switching to WAL needs the file alone for a moment.
            connection.Execute($"PRAGMA busy_timeout = {1_000 * SqliteErrors.BusySeconds}");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute($"PRAGMA synchronous = {kind.Synchronous}");
            connection.Execute($"PRAGMA wal_autocheckpoint = {LargestWalPages}");
            if (readOnly) connection.Execute("PRAGMA query_only = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Explain(e, kind, path);
        }
    }
}
