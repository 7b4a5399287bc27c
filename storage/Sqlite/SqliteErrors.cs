using Microsoft.Data.Sqlite;

namespace Trm.Storage.Sqlite;

/// <summary>The result codes of SQLite (sqlite.org/rescode.html) that a user can do something about, and what.</summary>
internal static class SqliteErrors
{
    /// <summary>How long a statement waits for another process.</summary>
    public const int BusySeconds = 5;

    public const int Busy = 5;
    public const int Locked = 6;
    public const int Interrupted = 9;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int NotADatabase = 26;

    /// <summary>The error, with the file in it and what to do.</summary>
    public static StorageException Explain(SqliteException error, DatabaseKind kind, string path) => error.SqliteErrorCode switch
    {
        Busy or Locked => new StorageException(
            "storage_busy", $"{path} was locked by another process for over {BusySeconds} s; let it finish and try again", error),
        Corrupt or NotADatabase => new StorageException(
            "storage_corrupt", $"{path} is not a readable database ({error.Message}); {kind.IfDamaged}", error),
        Full => new StorageException(
            "storage_unavailable", $"{path} cannot grow: the disk is full; make room and try again", error),
        _ => new StorageException(
            "storage_unavailable", $"{path} cannot be used ({error.Message}); check that the folder exists and may be written, or choose another with --data or TRM_DATA", error),
    };
}
