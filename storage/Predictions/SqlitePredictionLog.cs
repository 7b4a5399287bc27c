using Microsoft.Data.Sqlite;
using Trm.Core.Predictions;
using Trm.Storage.Sqlite;

namespace Trm.Storage.Predictions;

/// <summary>
/// The predictions of every market in <c>predictions.db</c>: append-only, on disk before an append returns, never
/// capped. Safe to use from many threads and from several processes at once.
/// </summary>
public sealed class SqlitePredictionLog : IStoredLog, IAsyncDisposable
{
    private readonly SqliteFile file;
    private readonly TimeProvider time;

    private SqlitePredictionLog(SqliteFile file, TimeProvider time) => (this.file, this.time) = (file, time);

    /// <summary>Opens <c>predictions.db</c> in the folder; makes both when they are missing.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="time">The clock that a new log's epoch is stamped with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The folder or the file cannot be used.</exception>
    public static async Task<SqlitePredictionLog> OpenAsync(string dataFolder, TimeProvider time, CancellationToken cancellation = default) =>
        new(await SqliteFile.OpenAsync(dataFolder, DatabaseKind.Predictions, cancellation).ConfigureAwait(false), time);

    /// <inheritdoc/>
    public async Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default) =>
        file.Read(connection => Head(connection, market), cancellation)
        ?? await file.WriteAsync(connection => Head(connection, market) ?? Begin(connection, market), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default) =>
        file.WriteAsync(
            connection =>
            {
                // Another process may have appended or started over, so the place is looked up under the write lock.
                var log = LogRow.Current(connection, prediction.Market);
                if (log?.Epoch != prediction.Epoch) throw new EpochChangedException(prediction.Market, log?.Epoch ?? Guid.Empty, prediction.Epoch);

                var last = LastSequence(connection, log);
                if (prediction.Sequence >= 1 && prediction.Sequence <= last) return false;
                if (prediction.Sequence != last + 1) throw new SequenceGapException(prediction.Market, last, prediction.Sequence);

                PredictionRow.Insert(connection, log, prediction);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    /// <exception cref="InvalidLimitException">The limit is not from 1 to <see cref="LogQuery.MaxLimit"/>.</exception>
    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 1 or > LogQuery.MaxLimit) throw new InvalidLimitException(query.Limit);
        return Task.FromResult(file.Read(
            connection => LogRow.Current(connection, market) is { } log ? PredictionRow.Read(connection, log, query) : [],
            cancellation));
    }

    /// <inheritdoc/>
    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(file.Read(
            connection =>
            {
                var recent = LogRow.Current(connection, market) is { } log
                    ? PredictionRow.Read(connection, log, new LogQuery { Newest = true, Limit = PredictionSummary.RecentLimit })
                    : [];
                // Sequences have no holes: the last one is the total, and nothing needs to be counted.
                return PredictionSummary.Of(recent.Count == 0 ? 0 : recent[^1].Sequence, recent);
            },
            cancellation));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RenewEpochsAsync(CancellationToken cancellation = default) =>
        file.WriteAsync<IReadOnlyList<string>>(
            connection =>
            {
                var markets = LogRow.Markets(connection);
                foreach (var market in markets) LogRow.Current(connection, market)!.Renew(connection, Guid.CreateVersion7(time.GetUtcNow()));
                return markets;
            },
            cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();

    private static LogHead? Head(SqliteConnection connection, string market) =>
        LogRow.Current(connection, market) is { } log
            ? new LogHead(log.Epoch, PredictionRow.Read(connection, log, new LogQuery { Newest = true, Limit = 1 }).SingleOrDefault())
            : null;

    private LogHead Begin(SqliteConnection connection, string market)
    {
        var now = time.GetUtcNow();
        return new LogHead(LogRow.Insert(connection, market, Guid.CreateVersion7(now), now).Epoch, null);
    }

    private static long LastSequence(SqliteConnection connection, LogRow log) =>
        connection.Integer("SELECT MAX(sequence) FROM predictions WHERE log = $log", ("$log", log.Id)) ?? 0;
}
