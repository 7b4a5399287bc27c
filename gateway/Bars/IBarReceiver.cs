using Trm.Core.Bars;

namespace Trm.Gateway.Bars;

/// <summary>
/// Where pushed bars go. The host registers one over its importer; without it
/// <c>POST /api/markets/{m}/bars</c> answers 501.
/// </summary>
public interface IBarReceiver
{
    /// <summary>Imports CSV text (header required); good rows are stored, bad ones told by line.</summary>
    /// <param name="market">A market that the feed carries.</param>
    /// <param name="csv">The whole text, in memory: synchronous reads are fine.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <exception cref="Core.TrmException">The text as a whole is unusable, such as a header without a column.</exception>
    Task<BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation);

    /// <summary>Stores bars; bad ones are told by their index in the list, from 0.</summary>
    Task<BarPushResult> PushAsync(string market, IReadOnlyList<Bar> bars, CancellationToken cancellation);
}

/// <summary>What became of pushed bars.</summary>
/// <param name="Added">New bars.</param>
/// <param name="Changed">Stored bars that were corrected.</param>
/// <param name="Unchanged">Bars that were stored before, equal.</param>
/// <param name="RejectedCount">Bars that were refused.</param>
/// <param name="Rejected">The first of them, at most <see cref="RejectedLimit"/>.</param>
public sealed record BarPushResult(int Added, int Changed, int Unchanged, long RejectedCount, IReadOnlyList<RejectedBar> Rejected)
{
    /// <summary>How many refused bars an answer names at most.</summary>
    public const int RejectedLimit = 100;
}

/// <summary>A bar that was refused.</summary>
/// <param name="Position">Line of the CSV text from 1 (the header), or index in the list from 0.</param>
/// <param name="Reason">For people.</param>
public sealed record RejectedBar(int Position, string Reason);
