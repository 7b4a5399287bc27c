using Trm.Core.Bars;

namespace Trm.MarketData.Import;

/// <summary>What an import did. Every row of the input is counted once: added, changed, unchanged or rejected.</summary>
public sealed record ImportReport
{
    /// <summary>How many rejected rows <see cref="FirstRejected"/> holds at most.</summary>
    public const int RejectedLimit = 100;

    /// <summary>What became of the good rows.</summary>
    public required BarImport Bars { get; init; }

    /// <summary>Rows that were not taken.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<RejectedRow> FirstRejected { get; init; }

    /// <summary>Columns of the header that mean nothing here, as written.</summary>
    public required IReadOnlyList<string> IgnoredColumns { get; init; }

    /// <summary>Where all rejected rows were written; null when there are none or the input was no file.</summary>
    public string? RejectedFile { get; init; }

    /// <summary>Why <see cref="RejectedFile"/> could not be written; null when it could or need not.</summary>
    public string? RejectedFileProblem { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Rows in all.</summary>
    public long Rows => Bars.Added + Bars.Changed + Bars.Unchanged + Rejected;
}

/// <summary>How far an import has read; the bars are stored after it.</summary>
/// <param name="BytesRead">Of the file.</param>
/// <param name="TotalBytes">Of the file.</param>
/// <param name="Rows">Read so far, rejected ones included.</param>
/// <param name="Rejected">Not taken so far.</param>
public readonly record struct ImportProgress(long BytesRead, long TotalBytes, long Rows, long Rejected);
