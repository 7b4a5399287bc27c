using System.Net.Sockets;
using Npgsql;

namespace Trm.Storage.Postgres;

/// <summary>What PostgreSQL or the way to it said, as an error that a user can act on.</summary>
internal static class PostgresErrors
{
    private const string AskTheServer = "check that it runs and that --connection names it";

    /// <summary>
    /// SQL states of a server that is at fault, whatever the statement: 08 connection, 28 and 3D no way in, 53 out of disk,
    /// memory or connections, 57P stopped, crashed or starting.
    /// </summary>
    private static readonly string[] OfTheServer = ["08", "28", "3D", "53", "57P"];

    /// <summary>The server or the way to it is at fault, not what it was given.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException e => OfTheServer.Any(state => e.SqlState.StartsWith(state, StringComparison.Ordinal)),
        NpgsqlException e => e.InnerException is null or IOException or SocketException or TimeoutException,
        _ => error is IOException or SocketException or TimeoutException,
    };

    /// <summary>The server is away, and was quick to say so: a new connection may work at once.</summary>
    public static bool IsBroken(Exception error) => IsAway(error) && error is not TimeoutException && error.InnerException is not TimeoutException;

    /// <summary>Errors that <see cref="Explain"/> knows; others are ours to mend and pass as they are.</summary>
    public static bool IsOfServer(Exception error) => error is NpgsqlException || IsAway(error);

    /// <summary>The error, with the server and the database in it.</summary>
    /// <param name="error">What was caught.</param>
    /// <param name="where">The connection, as <see cref="Where"/> names it.</param>
    public static StorageException Explain(Exception error, string where) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } e =>
            PostgresSchema.NotInitialised(where, e.MessageText, e),
        PostgresException e when e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal) =>
            new StorageException("storage_refused", $"{where} does not take the row ({e.MessageText}); what was given is wrong", e),
        PostgresException e =>
            new StorageException("storage_unavailable", $"{where} cannot be used ({e.MessageText}, {e.SqlState}); {AskTheServer}", e),
        _ => new StorageException("storage_unavailable", $"{where} cannot be reached ({error.GetBaseException().Message}); {AskTheServer}", error),
    };

    /// <summary>A connection without its secrets.</summary>
    /// <exception cref="StorageException"><c>storage_unavailable</c>: the text is no connection string.</exception>
    public static string Where(string connectionString)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(parts.Host)) throw new ArgumentException("it names no Host");
            return $"PostgreSQL at {parts.Host}:{parts.Port}, database {parts.Database ?? parts.Username}";
        }
        catch (ArgumentException e)
        {
            // The text is not repeated: it may hold a password.
            throw new StorageException("storage_unavailable", $"the connection string is not readable ({e.Message}); give one like Host=db;Username=trm;Password=…;Database=trm", e);
        }
    }
}
