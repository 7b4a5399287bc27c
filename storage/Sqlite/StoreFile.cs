using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Trm.Storage.Sqlite;

/// <summary>One database file of an embedded store, looked at without making, changing or upgrading anything.</summary>
public sealed class StoreFile
{
    private readonly DatabaseKind kind;
    private readonly string path;

    private StoreFile(string folder, DatabaseKind kind)
    {
        this.kind = kind;
        path = Path.GetFullPath(Path.Combine(folder, kind.FileName));
        KnownSchema = Migrations.Newest(kind);
    }

    /// <summary>The bars of a data folder.</summary>
    public static StoreFile Bars(string folder) => new(folder, DatabaseKind.Bars);

    /// <summary>The predictions of a data folder.</summary>
    public static StoreFile Predictions(string folder) => new(folder, DatabaseKind.Predictions);

    /// <summary>The outcomes of a data folder.</summary>
    public static StoreFile Outcomes(string folder) => new(folder, DatabaseKind.Outcomes);

    /// <summary>Its name in the folder.</summary>
    public string Name => kind.FileName;

    /// <summary>Whether it is there.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>The schema that this version of the program works with.</summary>
    public int KnownSchema { get; }

    /// <summary>What to do about a file that is damaged.</summary>
    public string IfDamaged => kind.IfDamaged;

    /// <summary>Bytes on the disk, with what waits in the WAL.</summary>
    public long Bytes => Length(path) + Length(path + "-wal");

    /// <summary>The schema that the file has.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public int ReadSchema() => Read(connection => (int)(connection.Integer("PRAGMA user_version") ?? 0));

    /// <summary>SQLite's <c>quick_check</c>: what is wrong with the file's structure; nothing when it is sound.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It is so large that the check did not end in time.</exception>
    public IReadOnlyList<string> CheckIntegrity(CancellationToken cancellation)
    {
        try
        {
            return Read(connection =>
            {
                using var interrupting = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
                using var command = connection.Statement("PRAGMA quick_check");
                using var row = command.ExecuteReader();
                var faults = new List<string>();
                while (row.Read()) faults.Add(row.GetString(0));
                return faults is ["ok"] ? [] : faults;
            });
        }
        catch (StorageException error) when (error.InnerException is SqliteException { SqliteErrorCode: SqliteErrors.Interrupted })
        {
            throw new OperationCanceledException(error.Message, error, cancellation);
        }
    }

    private T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            // Not as read-only: such a connection makes a WAL and leaves it behind.
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = SqliteErrors.BusySeconds,
            }.ToString());
            connection.Open();
            connection.Execute("PRAGMA query_only = ON");
            return work(connection);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Explain(error, kind, path);
        }
    }

    private static long Length(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;
}
