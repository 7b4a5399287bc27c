using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Import;

/// <summary>
/// Reads bars from CSV with a header (<c>date,symbol,open,high,low,close,volume</c> in any order and case; other
/// columns are ignored) a batch at a time, in constant memory. A row that is not good is told with its line and
/// reason and costs no other row.
/// </summary>
public sealed class BarCsvReader : IDisposable
{
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssZ",
    ];

    private readonly CsvRows rows;
    private readonly CsvHeader header;
    private readonly BarSieve sieve;
    private readonly Dictionary<string, string> symbols;

    private BarCsvReader(CsvRows rows, CsvHeader header, Market market, DateOnly? today)
    {
        this.rows = rows;
        this.header = header;
        sieve = new BarSieve(market, today, "line");
        symbols = market.Symbols.ToDictionary(s => s, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Columns of the header that mean nothing here, as written.</summary>
    public IReadOnlyList<string> IgnoredColumns => header.Ignored;

    /// <summary>Reads the header.</summary>
    /// <param name="text">The CSV; the caller disposes it.</param>
    /// <param name="input">What to call it in messages.</param>
    /// <param name="market">Whose symbols are taken.</param>
    /// <param name="today">The date at the exchange; later bars are refused. Null takes any date.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ImportException">The text is empty, or a column is missing or named twice.</exception>
    public static async Task<BarCsvReader> OpenAsync(
        TextReader text, string input, Market market, DateOnly? today = null, CancellationToken cancellation = default)
    {
        var rows = new CsvRows(text);
        try
        {
            return await rows.ReadAsync(cancellation).ConfigureAwait(false)
                ? new BarCsvReader(rows, CsvHeader.Read(rows, input), market, today)
                : throw new ImportException("empty_file", $"{input} is empty; the first line must name {CsvHeader.Expected}");
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Batches of about <paramref name="size"/> rows until the end; blank lines are no rows.</summary>
    public async IAsyncEnumerable<CsvBatch> ReadAsync(int size = 8_192, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var bars = new List<Bar>(size);
        var rejected = new List<RejectedRow>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (Take(out var bar) is { } reason) rejected.Add(new RejectedRow(rows.Number, reason, rows.Text));
            else bars.Add(bar);

            if (bars.Count + rejected.Count < size) continue;
            yield return new CsvBatch(bars, rejected);
            (bars, rejected) = (new List<Bar>(size), []);
        }
        if (bars.Count + rejected.Count > 0) yield return new CsvBatch(bars, rejected);
    }

    /// <summary>Ends the reading; the text stays open.</summary>
    public void Dispose() => rows.Dispose();

    private string? Take(out Bar bar)
    {
        bar = default;
        var fields = rows.Fields;
        if (rows.Problem is { } broken) return broken;
        if (fields.FieldCount != header.Count) return $"{fields.FieldCount} columns, the header has {header.Count}";
        if (rows.HasStrayQuote) return "a quote stands inside a field";

        if (Date(fields.GetString(header.Date), out var session) is { } badDate) return badDate;
        Span<double> numbers = stackalloc double[5];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (name, column) = header.Number(i);
            if (Number(name, fields.GetSpan(column), out numbers[i]) is { } badNumber) return badNumber;
        }

        // The market's own string when it has the symbol, so that a million rows share sixteen.
        var ticker = fields.GetString(header.Symbol);
        var symbol = symbols.GetValueOrDefault(ticker, ticker);
        bar = new Bar(symbol, session, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        return sieve.Reject(bar, rows.Number);
    }

    // The time of a date is the feed's habit (midnight, or the close); the session is the date as it is written.
    private static string? Date(string text, out DateOnly date)
    {
        var good = DateTimeOffset.TryParseExact(
            text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant);
        date = DateOnly.FromDateTime(instant.DateTime);
        if (good) return null;
        return text.Length == 0 ? "date is empty" : $"date '{text}' is not yyyy-MM-dd";
    }

    private static string? Number(string name, ReadOnlySpan<byte> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return null;
        return text.IsEmpty ? $"{name} is empty" : $"{name} '{Encoding.UTF8.GetString(text)}' is not a number";
    }
}

/// <summary>Some rows of a CSV.</summary>
/// <param name="Bars">The good ones, each (symbol, session) once in the whole input.</param>
/// <param name="Rejected">The others.</param>
public sealed record CsvBatch(IReadOnlyList<Bar> Bars, IReadOnlyList<RejectedRow> Rejected);
