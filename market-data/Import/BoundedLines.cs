namespace Trm.MarketData.Import;

/// <summary>
/// The text, with every line cut after <see cref="Limit"/> characters. CsvHelper holds a whole record in memory, and
/// its own bound (<c>MaxRecordSize</c>) ends the reading at the record beyond it; a run of zeros that a crash left in
/// a file must cost its own line only.
/// </summary>
internal sealed class BoundedLines(TextReader text) : TextReader
{
    /// <summary>A longer line is no row of bars.</summary>
    public const int MaxLength = 4_096;

    /// <summary>One more, so that a line that was cut shows it.</summary>
    private const int Limit = MaxLength + 1;

    private int length;

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await text.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            var kept = Cut(buffer.Span[..read]);
            if (kept > 0 || read == 0) return kept;
        }
    }

    private int Cut(Span<char> block)
    {
        var kept = 0;
        foreach (var c in block)
        {
            if (c is '\n' or '\r') length = 0;
            else if (++length > Limit) continue;
            block[kept++] = c;
        }
        return kept;
    }
}
