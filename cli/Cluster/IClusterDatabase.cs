using Trm.Hosting;

namespace Trm.Cli.Cluster;

/// <summary>The database of a cluster on one machine.</summary>
internal interface IClusterDatabase
{
    /// <summary>The server that runs in a folder, whoever started it; null when none does.</summary>
    Task<DatabaseInstance?> FindAsync(string folder, CancellationToken cancellation);

    /// <summary>Starts the server of a folder, which is made when it is not there; one that runs is taken as it is.</summary>
    Task<DatabaseInstance> StartAsync(string folder, CancellationToken cancellation);

    /// <summary>Brings the tables up to date.</summary>
    /// <returns>What was applied; empty when all was there.</returns>
    Task<IReadOnlyList<string>> ApplySchemaAsync(string connection, CancellationToken cancellation);

    /// <summary>Whether it answers a query; never throws for a server that does not.</summary>
    Task<Readiness> CheckAsync(string connection, CancellationToken cancellation);
}
