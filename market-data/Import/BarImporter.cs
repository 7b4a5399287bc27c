using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Import;

/// <summary>
/// Takes bars into the store, from a file, a pushed CSV or a pushed list, by the same rules. Doing it again changes
/// nothing; a bar that differs from the stored one replaces it. An input of up to <see cref="TransactionBars"/> bars
/// is stored whole or not at all: a file sorted by symbol would otherwise show a live market sessions that lack most
/// of their symbols. A longer one is stored in parts of that size, and when broken off is simply done again.
/// </summary>
/// <param name="store">Where the bars go.</param>
/// <param name="market">Whose bars they are.</param>
/// <param name="time">The clock of <see cref="ImportReport.Elapsed"/>; the system's when null.</param>
public sealed class BarImporter(IBarStore store, Market market, TimeProvider? time = null)
{
    /// <summary>
    /// Bars stored in one transaction at most. They are held in memory till then (56 bytes each), and another
    /// process that writes to the store gives up after five seconds of waiting for the transaction to end.
    /// </summary>
    internal int TransactionBars { get; init; } = 250_000;

    private DateOnly Today => market.SessionOf((time ?? TimeProvider.System).GetUtcNow());

    /// <summary>Imports a CSV file and writes its rejected rows beside it, as <c>NAME.rejected.csv</c>.</summary>
    /// <exception cref="ImportException">The file cannot be read, is empty or lacks a column.</exception>
    public async Task<ImportReport> ImportFileAsync(string path, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var file = Open(path);
        using var text = new StreamReader(file);
        var rejected = new RejectedRowsFile(path);
        await using var _ = rejected.ConfigureAwait(false);

        var report = await ImportAsync(text, path, OnBatch, cancellation).ConfigureAwait(false);
        await rejected.CompleteAsync().ConfigureAwait(false);
        return report with { RejectedFile = rejected.Path, RejectedFileProblem = rejected.Problem };

        async Task OnBatch(CsvBatch batch, ImportTally tally)
        {
            await rejected.AddAsync(batch.Rejected).ConfigureAwait(false);
            progress?.Report(new ImportProgress(file.Position, file.Length, tally.Read, tally.Rejected));
        }
    }

    /// <summary>Imports pushed CSV (UTF-8, or as its byte order mark says); the stream stays open.</summary>
    /// <exception cref="ImportException">The text is empty or lacks a column.</exception>
    public async Task<ImportReport> ImportAsync(Stream csv, CancellationToken cancellation = default)
    {
        using var text = new StreamReader(csv, leaveOpen: true);
        return await ImportAsync(text, cancellation).ConfigureAwait(false);
    }

    /// <summary>Imports pushed CSV.</summary>
    /// <exception cref="ImportException">The text is empty or lacks a column.</exception>
    public Task<ImportReport> ImportAsync(TextReader csv, CancellationToken cancellation = default) =>
        ImportAsync(csv, "the CSV", static (_, _) => Task.CompletedTask, cancellation);

    /// <summary>Imports pushed bars in one transaction; the place in the list, from 1, is a rejected one's line.</summary>
    public async Task<ImportReport> ImportAsync(IEnumerable<Bar> bars, CancellationToken cancellation = default)
    {
        var tally = new ImportTally(time ?? TimeProvider.System);
        var sieve = new BarSieve(market, Today, "bar");
        var good = new List<Bar>();
        var place = 0L;
        foreach (var given in bars)
        {
            place++;
            var bar = given with { Symbol = given.Symbol?.Trim().ToUpperInvariant() ?? "" };
            if (sieve.Reject(bar, place) is { } reason) tally.Add(new RejectedRow(place, reason, given.ToString()));
            else good.Add(bar);
        }
        if (good.Count > 0) tally.Add(await store.UpsertAsync(market.Id, good, cancellation).ConfigureAwait(false));
        return tally.Report([]);
    }

    private async Task<ImportReport> ImportAsync(
        TextReader text, string input, Func<CsvBatch, ImportTally, Task> onBatch, CancellationToken cancellation)
    {
        var tally = new ImportTally(time ?? TimeProvider.System);
        using var reader = await BarCsvReader.OpenAsync(text, input, market, Today, cancellation).ConfigureAwait(false);
        var good = new List<Bar>();
        await foreach (var batch in reader.ReadAsync(cancellation: cancellation).ConfigureAwait(false))
        {
            if (good.Count + batch.Bars.Count > TransactionBars) await StoreAsync().ConfigureAwait(false);
            good.AddRange(batch.Bars);
            tally.Add(batch);
            await onBatch(batch, tally).ConfigureAwait(false);
        }
        await StoreAsync().ConfigureAwait(false);
        return tally.Report(reader.IgnoredColumns);

        async Task StoreAsync()
        {
            if (good.Count > 0) tally.Add(await store.UpsertAsync(market.Id, good, cancellation).ConfigureAwait(false));
            good.Clear();
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new ImportException("file_unreadable", $"{path} is a folder; name a CSV file in it");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1_024, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImportException("file_not_found", $"{path} does not exist; check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException("file_unreadable", $"{path} cannot be read ({e.Message})", e);
        }
    }
}
