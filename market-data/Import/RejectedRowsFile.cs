using CsvHelper;

namespace Trm.MarketData.Import;

/// <summary>
/// The rejected rows of a file, beside it: <c>bars.csv</c> → <c>bars.rejected.csv</c> with line, reason and row.
/// Made with the first row; one from an earlier import is removed when this one has none.
/// </summary>
internal sealed class RejectedRowsFile(string input) : IAsyncDisposable
{
    private static readonly CsvWriterOptions Options = new() { NewLine = Environment.NewLine };

    private readonly string path = PathFor(input);
    private CsvWriter? writer;

    /// <summary>Where the rows are; null when there are none.</summary>
    public string? Path => writer is null ? null : path;

    /// <summary>Why rows could not be written; null when all could. The import goes on without them.</summary>
    public string? Problem { get; private set; }

    public static string PathFor(string input) =>
        (input.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? input[..^4] : input) + ".rejected.csv";

    public async Task AddAsync(IReadOnlyList<RejectedRow> rows) => await Try(async () =>
    {
        if (rows.Count == 0) return;
        if (writer is null)
        {
            writer = CsvWriter.ToFile(path, Options);
            writer.WriteRecord("line", "reason", "row");
        }
        foreach (var row in rows)
        {
            writer.WriteField(row.Line);
            writer.WriteField(row.Reason);
            writer.WriteField(row.Text);
            await writer.EndRecordAsync().ConfigureAwait(false);
        }
    }).ConfigureAwait(false);

    public async Task CompleteAsync() => await Try(async () =>
    {
        if (writer is null) File.Delete(path);
        else await writer.FlushAsync().ConfigureAwait(false);
    }).ConfigureAwait(false);

    public async ValueTask DisposeAsync() => await Try(async () =>
    {
        if (writer is not null) await writer.DisposeAsync().ConfigureAwait(false);
    }).ConfigureAwait(false);

    private async Task Try(Func<Task> work)
    {
        if (Problem is not null) return;
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"{path} cannot be written ({e.Message})";
        }
    }
}
