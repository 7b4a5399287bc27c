using System.Text;
using Trm.Core.Bars;
using Trm.MarketData.Import;
using Trm.MarketData.Markets;
using Trm.Tests;
using static Trm.MarketData.Tests.SmallMarket;

namespace Trm.MarketData.Tests.Import;

public sealed class BarImporterTests : IAsyncLifetime
{
    private const string Header = "date,symbol,open,high,low,close,volume\n";

    private TemporaryStore store = null!;
    private BarImporter importer = null!;

    public async ValueTask InitializeAsync()
    {
        store = await TemporaryStore.CreateAsync();
        importer = new BarImporter(store.Bars, Market);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_file_imported_twice_adds_nothing_the_second_time()
    {
        var path = Write("bars.csv", Header + "2024-01-02,SPY,10,12,9,11,1000\n2024-01-02,TLT,20,22,19,21,2000\n");
        Assert.Equal(new BarImport(2, 0, 0), (await importer.ImportFileAsync(path)).Bars);
        Assert.Equal(new BarImport(0, 0, 2), (await importer.ImportFileAsync(path)).Bars);
    }

    [Fact]
    public async Task A_corrected_bar_replaces_the_stored_one_and_is_counted()
    {
        await importer.ImportFileAsync(Write("bars.csv", Header + "2024-01-02,SPY,10,12,9,11,1000\n"));
        var report = await importer.ImportFileAsync(Write("bars.csv", Header + "2024-01-02,SPY,10,12,9,11.5,1000\n"));
        Assert.Equal(new BarImport(0, 1, 0), report.Bars);
        Assert.Equal(11.5, Assert.Single(await store.ReadAsync()).Close);
    }

    [Fact]
    public async Task Rejected_rows_are_written_beside_the_file_with_line_and_reason()
    {
        var path = Write("bars.csv", Header + "2024-01-02,SPY,10,12,9,-11,1000\n2024-01-03,SPY,10,12,9,11,1000\nbroken \"line\n");
        var report = await importer.ImportFileAsync(path);

        Assert.Equal((1, 2, 3), (report.Bars.Added, report.Rejected, report.Rows));
        Assert.Equal([2L, 4L], report.FirstRejected.Select(r => r.Line));
        Assert.Equal(store.File("bars.rejected.csv"), report.RejectedFile);
        Assert.Equal(
            [
                "line,reason,row",
                "2,close -11 is not positive,\"2024-01-02,SPY,10,12,9,-11,1000\"",
                "4,\"1 columns, the header has 7\",\"broken \"\"line\"",
            ],
            await File.ReadAllLinesAsync(report.RejectedFile!));
    }

    [Fact]
    public async Task The_rejected_rows_of_an_earlier_import_are_gone_when_there_are_none()
    {
        var path = Write("bars.csv", Header + "broken\n");
        Assert.NotNull((await importer.ImportFileAsync(path)).RejectedFile);
        Write("bars.csv", Header + "2024-01-03,SPY,10,12,9,11,1000\n");
        Assert.Null((await importer.ImportFileAsync(path)).RejectedFile);
        Assert.False(File.Exists(store.File("bars.rejected.csv")));
    }

    [Fact]
    public async Task A_rejected_file_that_cannot_be_written_does_not_stop_the_import()
    {
        Directory.CreateDirectory(store.File("bars.rejected.csv"));
        var report = await importer.ImportFileAsync(Write("bars.csv", Header + "broken\n2024-01-03,SPY,10,12,9,11,1000\n"));
        Assert.Equal((1, 1, null), (report.Bars.Added, report.Rejected, report.RejectedFile));
        Assert.Contains("bars.rejected.csv", report.RejectedFileProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_or_a_folder_is_named()
    {
        var missing = await Assert.ThrowsAsync<ImportException>(() => importer.ImportFileAsync(store.File("nowhere/bars.csv")));
        Assert.Equal("file_not_found", missing.Code);
        Assert.Contains("nowhere/bars.csv", missing.Message, StringComparison.Ordinal);
        var folder = await Assert.ThrowsAsync<ImportException>(() => importer.ImportFileAsync(Path.GetDirectoryName(store.File("x"))!));
        Assert.Equal("file_unreadable", folder.Code);
    }

    [Fact]
    public async Task A_header_that_lacks_a_column_leaves_the_store_as_it_was()
    {
        var e = await Assert.ThrowsAsync<ImportException>(() => importer.ImportFileAsync(Write("bars.csv", "date,symbol,close\n2024-01-02,SPY,11\n")));
        Assert.Contains("no column open, high, low, volume", e.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ReadAsync());
    }

    [Fact]
    public async Task Pushed_csv_follows_the_same_rules_and_leaves_its_stream_open()
    {
        using var stream = new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Header + "2024-01-02,SPY,10,12,9,11,1000\r\n2024-01-02,SPY,10,12,9,11,1000\r\n")]);
        var report = await importer.ImportAsync(stream);
        Assert.Equal(new BarImport(1, 0, 0), report.Bars);
        Assert.Equal("repeats line 2", Assert.Single(report.FirstRejected).Reason);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task Pushed_bars_follow_the_same_rules()
    {
        var report = await importer.ImportAsync([
            Bar(1), Bar(1), Bar(1) with { Volume = 5 }, Bar(2, " tlt "), Bar(3, "AAPL"), Bar(4) with { Close = double.NaN }, Bar(5) with { Symbol = null! }]);
        Assert.Equal(new BarImport(2, 0, 0), report.Bars);
        Assert.Equal(
            ["repeats bar 1", "differs from bar 1", "symbol AAPL is not in market small", "close is NaN", "symbol is empty"],
            report.FirstRejected.Select(r => r.Reason));
        Assert.Equal([2L, 3L, 5L, 6L, 7L], report.FirstRejected.Select(r => r.Line));
        Assert.Equal([Bar(1), Bar(2, "TLT")], await store.ReadAsync());
    }

    [Fact]
    public async Task A_report_holds_the_first_rejected_rows_and_counts_them_all()
    {
        var report = await importer.ImportAsync(new StringReader(Header + string.Concat(Enumerable.Repeat("broken\n", 250))));
        Assert.Equal((250, ImportReport.RejectedLimit), (report.Rejected, report.FirstRejected.Count));
    }

    [Fact]
    public async Task Progress_ends_at_the_files_length()
    {
        var path = Write("bars.csv", Header + "2024-01-02,SPY,10,12,9,11,1000\nbroken\n");
        var seen = new List<ImportProgress>();
        await importer.ImportFileAsync(path, new Recorder(seen.Add));
        Assert.Equal(new ImportProgress(new FileInfo(path).Length, new FileInfo(path).Length, 2, 1), seen[^1]);
    }

    [Fact]
    public async Task A_live_reader_sees_a_file_whole_or_not_at_all()
    {
        var seen = new List<BarRange?>();
        var bars = await importer.ImportFileAsync(LongFile(), new Recorder(_ => seen.Add(store.Bars.RangeAsync(Market.Id).Result)));

        Assert.Equal(new BarImport(30_000, 0, 0), bars.Bars);
        Assert.Equal(4, seen.Count);
        Assert.All(seen, Assert.Null);
        Assert.Equal(1, (await store.Bars.ChangesSinceAsync(Market.Id, 0)).Revision);
    }

    [Fact]
    public async Task A_file_that_is_given_up_leaves_nothing_behind()
    {
        using var giveUp = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            importer.ImportFileAsync(LongFile(), new Recorder(p => { if (p.Rows > 20_000) giveUp.Cancel(); }), giveUp.Token));
        Assert.Empty(await store.ReadAsync());
    }

    [Fact]
    public async Task A_file_too_long_for_one_transaction_is_stored_in_several()
    {
        importer = new BarImporter(store.Bars, Market) { TransactionBars = 20_000 };
        Assert.Equal(new BarImport(30_000, 0, 0), (await importer.ImportFileAsync(LongFile())).Bars);
        Assert.Equal(2, (await store.Bars.ChangesSinceAsync(Market.Id, 0)).Revision);
    }

    [Fact]
    public async Task The_reference_bars_are_all_taken_and_none_is_new_the_second_time()
    {
        // A copy, so that nothing is ever written beside the shared file.
        var path = store.File("reference.csv");
        File.Copy(SharedData.File("bars-2010-2022.csv"), path);
        var reference = new BarImporter(store.Bars, MarketCatalog.Default.Get("us-equities"));

        var first = await reference.ImportFileAsync(path);
        Assert.Equal((52_099, 0L), (first.Bars.Added, first.Rejected));
        Assert.Equal(new BarImport(0, 0, 52_099), (await reference.ImportFileAsync(path)).Bars);
        Assert.Equal(new BarRange(new(2010, 1, 4), new(2022, 12, 30), 3_272, 52_099), await store.Bars.RangeAsync("us-equities"));
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(store.File(name), text);
        return store.File(name);
    }

    /// <summary>Sorted by symbol, so that each session is complete only at the end.</summary>
    private string LongFile() => Write("long.csv", Header + string.Concat(Market.Symbols.SelectMany(symbol => Enumerable.Range(0, 10_000)
        .Select(day => FormattableString.Invariant($"{new DateOnly(1990, 1, 1).AddDays(day):yyyy-MM-dd},{symbol},10,12,9,11,{day}\n")))));

    private sealed class Recorder(Action<ImportProgress> seen) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => seen(value);
    }
}
