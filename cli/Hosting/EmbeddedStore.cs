using Trm.Cli.Settings;
using Trm.Core;
using Trm.Hosting;
using Trm.Storage.Bars;
using Trm.Storage.Outcomes;
using Trm.Storage.Predictions;

namespace Trm.Cli.Hosting;

/// <summary>The data folder of a process that makes predictions: bars, log, outcomes, and the right to write the log.</summary>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    private readonly FolderLock writer;

    private EmbeddedStore(FolderLock writer, SqliteBarStore bars, SqlitePredictionLog log, SqliteOutcomeLog outcomes)
    {
        this.writer = writer;
        Bars = bars;
        Log = log;
        Outcomes = outcomes;
    }

    public SqliteBarStore Bars { get; }

    public SqlitePredictionLog Log { get; }

    public SqliteOutcomeLog Outcomes { get; }

    /// <exception cref="TrmException">Another process makes predictions in that folder.</exception>
    public static async Task<EmbeddedStore> OpenForWritingAsync(TrmSettings settings, CancellationToken cancellation)
    {
        if (PostgresConnection.TryParse(settings.Data) is not null)
            throw new UsageException("--data names a database, and this verb keeps its store in a folder; name one, or run 'trm cluster up' for predictions in PostgreSQL");
        var writer = FolderLock.TryTake(settings.Data, FolderLock.OfPredictions) ?? throw new TrmException(
            "data_in_use", $"another trm writes predictions to {Path.GetFullPath(settings.Data)}; stop it, or give this one its own --data DIR");
        try
        {
            var bars = await SqliteBarStore.OpenAsync(settings.Data, TimeProvider.System, cancellation).ConfigureAwait(false);
            var log = await SqlitePredictionLog.OpenAsync(settings.Data, TimeProvider.System, cancellation).ConfigureAwait(false);
            var outcomes = await SqliteOutcomeLog.OpenAsync(settings.Data, TimeProvider.System, cancellation).ConfigureAwait(false);
            return new EmbeddedStore(writer, bars, log, outcomes);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Bars.DisposeAsync().ConfigureAwait(false);
        await Log.DisposeAsync().ConfigureAwait(false);
        await Outcomes.DisposeAsync().ConfigureAwait(false);
        writer.Dispose();
    }
}
