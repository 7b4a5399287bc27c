using Npgsql;
using Trm.Cli.Cluster;
using Trm.Cli.Commands;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Outcomes;
using Trm.Hosting;
using Trm.Storage.Bars;
using Trm.Storage.Outcomes;
using Trm.Storage.Postgres;
using Trm.Storage.Predictions;

namespace Trm.Cli.Hosting;

/// <summary>
/// Whose bars, log and outcomes a verb works on: the embedded store in <c>--data</c>, the PostgreSQL that <c>--data</c> connects to, or
/// with <c>--cluster</c> that of the cluster in <c>--data</c>.
/// </summary>
internal sealed class DataPlace
{
    private readonly string folder;

    private DataPlace(string folder, string? connection) => (this.folder, Connection) = (folder, connection);

    /// <exception cref="TrmException">There is no cluster in the folder.</exception>
    public static DataPlace Of(CommandContext context) => Of(context.Settings.Data, context.Line.GetValue(SettingOptions.OfCluster));

    /// <inheritdoc cref="Of(CommandContext)"/>
    /// <param name="data">A folder, or a connection.</param>
    /// <param name="cluster">Take the database of the folder's cluster.</param>
    public static DataPlace Of(string data, bool cluster)
    {
        var connection = PostgresConnection.TryParse(data);
        if (!cluster) return new DataPlace(data, connection);
        if (connection is not null) throw new UsageException("--cluster takes the database of the cluster whose folder --data names; leave one of the two out");
        return new DataPlace(data, new ClusterFolder(data).Read().Connection);
    }

    /// <summary>How its database is reached; null of a folder. May hold a password.</summary>
    public string? Connection { get; }

    /// <summary>For messages; without secrets.</summary>
    public string Name
    {
        get
        {
            if (Connection is null) return folder;
            var parts = new NpgsqlConnectionStringBuilder(Connection);
            return $"PostgreSQL at {parts.Host}:{parts.Port}";
        }
    }

    /// <summary>For verbs that only read: a mistyped folder is an error, and not a new, empty store.</summary>
    /// <exception cref="TrmException">The folder does not exist.</exception>
    public void RequireExisting()
    {
        if (Connection is null && !Directory.Exists(folder))
            throw new TrmException("no_data", $"data folder {folder} does not exist; name it with --data, or run 'trm ingest FILE.csv' first");
    }

    public async Task<Opened<IBarStore>> OpenBarsAsync(CancellationToken cancellation)
    {
        if (Connection is null)
        {
            var embedded = await SqliteBarStore.OpenAsync(folder, TimeProvider.System, cancellation).ConfigureAwait(false);
            return new Opened<IBarStore>(embedded, embedded);
        }
        var shared = await PostgresBarStore.OpenAsync(Connection, TimeProvider.System, cancellation).ConfigureAwait(false);
        return new Opened<IBarStore>(shared, shared);
    }

    public async Task<Opened<IStoredLog>> OpenLogAsync(CancellationToken cancellation)
    {
        if (Connection is null)
        {
            var embedded = await SqlitePredictionLog.OpenAsync(folder, TimeProvider.System, cancellation).ConfigureAwait(false);
            return new Opened<IStoredLog>(embedded, embedded);
        }
        var shared = await PostgresPredictionLog.OpenAsync(Connection, TimeProvider.System, cancellation).ConfigureAwait(false);
        return new Opened<IStoredLog>(shared, shared);
    }

    public async Task<Opened<IOutcomeLog>> OpenOutcomesAsync(CancellationToken cancellation)
    {
        if (Connection is null)
        {
            var embedded = await SqliteOutcomeLog.OpenAsync(folder, TimeProvider.System, cancellation).ConfigureAwait(false);
            return new Opened<IOutcomeLog>(embedded, embedded);
        }
        var shared = await PostgresOutcomeLog.OpenAsync(Connection, TimeProvider.System, cancellation).ConfigureAwait(false);
        return new Opened<IOutcomeLog>(shared, shared);
    }
}
