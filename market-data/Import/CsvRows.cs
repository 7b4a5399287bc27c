using System.Text;
using CsvHelper;

namespace Trm.MarketData.Import;

/// <summary>
/// The lines of a CSV that are not blank, split into fields. No value of a bar can hold a line end, so a quote never
/// reaches into the next line: an open one costs its own row, not the rest of the file.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private readonly CsvReader csv;
    private CsvMalformedReason? fault;

    /// <param name="text">The CSV; it stays open.</param>
    public CsvRows(TextReader text) => csv = CsvReader.Create(new BoundedLines(text), new CsvReaderOptions
    {
        Separator = ',',
        HasHeader = false,
        AllowLineBreaksInQuotes = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        OnMalformedRecord = record => fault = record.Reason,
    });

    /// <summary>The fields of the current line, without blanks and quotes around them.</summary>
    public CsvReader Fields => csv;

    /// <summary>The current line's number, from 1; blank lines count.</summary>
    public long Number => csv.LineNumber;

    /// <summary>The current line as it was given, at most <see cref="BoundedLines.MaxLength"/> characters of it.</summary>
    public string Text
    {
        get
        {
            var text = Encoding.UTF8.GetString(csv.RawRecord);
            return text.Length > BoundedLines.MaxLength ? text[..BoundedLines.MaxLength] : text;
        }
    }

    /// <summary>Why the fields of the current line cannot be told apart, or null.</summary>
    public string? Problem => fault switch
    {
        _ when IsCut => $"the line is over {BoundedLines.MaxLength} characters long",
        CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote => "a quote is not closed",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote",
        _ => null,
    };

    /// <summary>
    /// True when a field of the current line has a quote inside it. CsvHelper tells the first fault of a line only, so
    /// this one may hide a broken quote, and with it a value that is not what was meant.
    /// </summary>
    public bool HasStrayQuote => fault is CsvMalformedReason.StrayQuote;

    // There are at least as many bytes as characters.
    private bool IsCut => csv.RawRecord.Length > BoundedLines.MaxLength && Encoding.UTF8.GetCharCount(csv.RawRecord) > BoundedLines.MaxLength;

    /// <summary>Moves to the next line; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        do
        {
            fault = null;
            if (!await csv.ReadAsync(cancellation).ConfigureAwait(false)) return false;
        }
        while (csv.RawRecord.IndexOfAnyExcept(" \t"u8) < 0);
        return true;
    }

    public void Dispose() => csv.Dispose();
}
