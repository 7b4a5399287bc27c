using Trm.Core.Bars;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Silo.Settings;
using Trm.Storage.Bars;
using Trm.Storage.Outcomes;
using Trm.Storage.Postgres;
using Trm.Storage.Predictions;

namespace Trm.Silo.Hosting;

/// <summary>Bars, log and outcomes: in PostgreSQL, or in the data folder of this machine for a first run.</summary>
/// <param name="Bars">The bars.</param>
/// <param name="Log">The log.</param>
/// <param name="Outcomes">What came of what is in it.</param>
/// <param name="Name">Where they are, for messages.</param>
internal sealed record SiloStores(IBarStore Bars, IPredictionLog Log, IOutcomeLog Outcomes, string Name) : IAsyncDisposable
{
    /// <exception cref="Core.TrmException">They cannot be used; a database without our tables says to run <c>trm cluster init</c>.</exception>
    public static async Task<SiloStores> OpenAsync(SiloSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (settings.Cluster.Connection is { } connection)
        {
            await PostgresSchema.VerifyAsync(connection, cancellation).ConfigureAwait(false);
            return new SiloStores(
                await PostgresBarStore.OpenAsync(connection, time, cancellation).ConfigureAwait(false),
                await PostgresPredictionLog.OpenAsync(connection, time, cancellation).ConfigureAwait(false),
                await PostgresOutcomeLog.OpenAsync(connection, time, cancellation).ConfigureAwait(false),
                "the cluster's database");
        }
        return new SiloStores(
            await SqliteBarStore.OpenAsync(settings.Data, time, cancellation).ConfigureAwait(false),
            await SqlitePredictionLog.OpenAsync(settings.Data, time, cancellation).ConfigureAwait(false),
            await SqliteOutcomeLog.OpenAsync(settings.Data, time, cancellation).ConfigureAwait(false),
            settings.Data);
    }

    public async ValueTask DisposeAsync()
    {
        if (Bars is IAsyncDisposable bars) await bars.DisposeAsync().ConfigureAwait(false);
        if (Log is IAsyncDisposable log) await log.DisposeAsync().ConfigureAwait(false);
        if (Outcomes is IAsyncDisposable outcomes) await outcomes.DisposeAsync().ConfigureAwait(false);
    }
}
