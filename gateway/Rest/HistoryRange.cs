using Trm.Core.Predictions;

namespace Trm.Gateway.Rest;

/// <summary>
/// The sequences of one page of a market's log. A log has no holes, so where it ends says them: nothing is read to know
/// whether a client has the page already.
/// </summary>
/// <param name="First">The page's first sequence.</param>
/// <param name="Last">The page's last sequence; less than <paramref name="First"/> when the page is empty.</param>
/// <param name="End">The last sequence of all that was asked for, on this page and those after it.</param>
internal readonly record struct HistoryRange(long First, long Last, long End)
{
    public bool IsEmpty => First > Last;

    public int Count => IsEmpty ? 0 : (int)(Last - First + 1);

    /// <summary>What continues after this page; null at the end of what was asked for.</summary>
    public long? NextAfter => !IsEmpty && Last < End ? Last : null;

    /// <summary>Reads exactly this page, whatever was appended since.</summary>
    public LogQuery Query => new() { After = First - 1, Before = Last + 1, Limit = Count };

    /// <param name="head">The log's last sequence.</param>
    /// <param name="asked">After, before, limit and which end of them.</param>
    public static HistoryRange Of(long head, LogQuery asked)
    {
        var end = asked.Before is { } before ? Math.Min(head, Math.Max(before, 1) - 1) : head;
        var first = Math.Clamp(asked.After ?? 0, 0, long.MaxValue - LogQuery.MaxLimit) + 1;
        return asked.Newest
            ? new HistoryRange(Math.Max(first, end - asked.Limit + 1), end, end)
            : new HistoryRange(first, Math.Min(end, first + asked.Limit - 1), end);
    }
}
