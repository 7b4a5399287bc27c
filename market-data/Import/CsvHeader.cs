namespace Trm.MarketData.Import;

/// <summary>Which column holds what.</summary>
internal sealed class CsvHeader
{
    public const string Expected = "date,symbol,open,high,low,close,volume";

    private static readonly string[] Names = Expected.Split(',');

    private readonly int[] columns;

    private CsvHeader(int[] columns, int count, IReadOnlyList<string> ignored) =>
        (this.columns, Count, Ignored) = (columns, count, ignored);

    public int Date => columns[0];

    public int Symbol => columns[1];

    /// <summary>Columns of the header, which every row must have.</summary>
    public int Count { get; }

    /// <summary>Columns that mean nothing here.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>The name and column of open, high, low, close and volume, by position 0 to 4.</summary>
    public (string Name, int Column) Number(int position) => (Names[position + 2], columns[position + 2]);

    /// <exception cref="ImportException">A column is missing or named twice.</exception>
    public static CsvHeader Read(CsvRows rows, string input)
    {
        if (rows.Problem is { } problem) throw Bad($"{problem} in {Line()}");
        var found = rows.Fields.Current.ToArray();
        foreach (var name in Names)
        {
            if (found.Count(f => Same(f, name)) > 1) throw Bad($"column {name} is there twice");
        }
        var missing = Names.Where(name => !found.Any(f => Same(f, name))).ToList();
        if (missing.Count > 0) throw Bad($"no column {string.Join(", ", missing)} in {Line()}");

        return new CsvHeader(
            [.. Names.Select(name => Array.FindIndex(found, f => Same(f, name)))],
            found.Length,
            [.. found.Where(f => !Names.Contains(f, StringComparer.OrdinalIgnoreCase))]);

        string Line() => rows.Text is { Length: > 80 } text ? $"'{text[..80]}…'" : $"'{rows.Text}'";

        ImportException Bad(string what) => new(
            "bad_header", $"{input}: {what}; the first line must name {Expected}, in any order; nothing was read");
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
