using Trm.Core.Bars;

namespace Trm.MarketData.Import;

/// <summary>Counts an import as it goes.</summary>
internal sealed class ImportTally(TimeProvider time)
{
    private readonly long started = time.GetTimestamp();
    private readonly List<RejectedRow> first = [];

    public BarImport Bars { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Rows read so far, stored or not.</summary>
    public long Read { get; private set; }

    public void Add(BarImport import) => Bars += import;

    public void Add(CsvBatch batch)
    {
        Read += batch.Bars.Count + batch.Rejected.Count;
        foreach (var row in batch.Rejected) Add(row);
    }

    public void Add(RejectedRow row)
    {
        Rejected++;
        if (first.Count < ImportReport.RejectedLimit) first.Add(row);
    }

    public ImportReport Report(IReadOnlyList<string> ignoredColumns) => new()
    {
        Bars = Bars,
        Rejected = Rejected,
        FirstRejected = first,
        IgnoredColumns = ignoredColumns,
        Elapsed = time.GetElapsedTime(started),
    };
}
