namespace Trm.Cli.Benchmarks.Inference.Report;

/// <summary>Rows under a header, numbers to the right, in plain text or Markdown.</summary>
/// <param name="columns">The header.</param>
/// <param name="leftColumn">The one column that holds words.</param>
internal sealed class TextTable(string[] columns, int leftColumn)
{
    private readonly List<string[]> rows = [columns];

    /// <summary>Adds a row.</summary>
    public void Add(string[] row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, columns.Length);
        rows.Add(row);
    }

    public void Write(TextWriter output, bool markdown)
    {
        var widths = columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            var cells = rows[i].Select((text, column) => column == leftColumn ? text.PadRight(widths[column]) : text.PadLeft(widths[column]));
            output.WriteLine(markdown ? $"| {string.Join(" | ", cells)} |" : string.Join("  ", cells).TrimEnd());
            if (i == 0 && markdown) output.WriteLine($"|{string.Join("|", widths.Select((width, column) => column == leftColumn ? new string('-', width + 2) : $"{new string('-', width + 1)}:"))}|");
        }
    }
}
