using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Trm.Storage.Sqlite;

/// <summary>Short ways to run one statement.</summary>
internal static class SqliteCommands
{
    /// <summary>A statement with its parameters, to be disposed; null is SQL's NULL.</summary>
    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Every value travels as a parameter.")]
    public static SqliteCommand Statement(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public static int Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The integer in the first column of the first row; null when there is no row or the value is NULL.</summary>
    public static long? Integer(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ExecuteScalar() as long?;
    }
}
