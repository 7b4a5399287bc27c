using Trm.Cli.Settings;
using Trm.Core;
using Trm.Storage.Bars;
using Trm.Storage.Predictions;

namespace Trm.Cli.Hosting;

/// <summary>The data folder of a process that makes predictions: bars, log, and the right to write the log.</summary>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    private readonly DataFolderLock writer;

    private EmbeddedStore(DataFolderLock writer, SqliteBarStore bars, SqlitePredictionLog log)
    {
        this.writer = writer;
        Bars = bars;
        Log = log;
    }

    public SqliteBarStore Bars { get; }

    public SqlitePredictionLog Log { get; }

    /// <exception cref="TrmException">Another process makes predictions in that folder.</exception>
    public static async Task<EmbeddedStore> OpenForWritingAsync(TrmSettings settings, CancellationToken cancellation)
    {
        var writer = DataFolderLock.TryTake(settings.Data) ?? throw new TrmException(
            "data_in_use", $"another trm writes predictions to {Path.GetFullPath(settings.Data)}; stop it, or give this one its own --data DIR");
        try
        {
            var bars = await Composition.OpenBarsAsync(settings, cancellation).ConfigureAwait(false);
            var log = await Composition.OpenLogAsync(settings, cancellation).ConfigureAwait(false);
            return new EmbeddedStore(writer, bars, log);
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
        writer.Dispose();
    }
}
