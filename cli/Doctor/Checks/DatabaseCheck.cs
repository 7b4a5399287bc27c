using Trm.Storage.Postgres;

namespace Trm.Cli.Doctor.Checks;

/// <summary>A PostgreSQL that <c>--data</c> names answers, and has the tables of this version.</summary>
/// <param name="where">The server, without secrets.</param>
/// <param name="connection">How it is reached.</param>
internal sealed class DatabaseCheck(string where, string connection) : IDoctorCheck
{
    public string Name => "store";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var version = await PostgresSchema.VerifyAsync(connection, cancellation).ConfigureAwait(false);
        return [Finding.Ok($"{where} answers, schema {version}")];
    }
}
