namespace Trm.Storage.Sqlite;

/// <summary>The result codes of SQLite (sqlite.org/rescode.html) that a user can do something about.</summary>
internal static class SqliteErrors
{
    public const int Busy = 5;
    public const int Locked = 6;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int NotADatabase = 26;
}
