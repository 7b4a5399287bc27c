using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Trm.Storage.Sqlite;

/// <summary>
/// Brings a file's schema up to date: step N is the embedded <c>NNN-name.sql</c> and leaves
/// <c>PRAGMA user_version</c> at N. Released steps never change; a new need is a new step.
/// </summary>
internal static class Migrations
{
    /// <summary>The newest step that this version knows.</summary>
    public static int Newest(DatabaseKind kind) => Steps(kind.Migrations).Count;

    /// <exception cref="StorageException">The file was written by a later version.</exception>
    public static void Apply(SqliteConnection connection, DatabaseKind kind, string path)
    {
        var steps = Steps(kind.Migrations);
        while (true)
        {
            // The version is read under the write lock: of two processes that open a new file at once, the second
            // waits here and then finds the step done.
            using var transaction = connection.BeginTransaction(deferred: false);
            var version = connection.Integer("PRAGMA user_version") ?? 0;
            if (version > steps.Count)
            {
                throw new StorageException(
                    "storage_too_new", $"{path} has schema {version}, this version knows {steps.Count}; use the newer trm that wrote it, or another data folder");
            }
            if (version == steps.Count) return;

            connection.Execute(steps[(int)version]);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            transaction.Commit();
        }
    }

    private static List<string> Steps(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Replace('\\', '/').StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Text(assembly, name))];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
