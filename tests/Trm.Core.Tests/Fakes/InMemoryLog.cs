using Trm.Core.Predictions;

namespace Trm.Core.Tests.Fakes;

/// <summary>A log with the real one's rules, and failures on demand.</summary>
internal sealed class InMemoryLog : IPredictionLog
{
    private int appended;

    public Guid Epoch { get; set; } = Guid.NewGuid();

    public List<Prediction> Entries { get; } = [];

    /// <summary>Fails this many appends before it commits.</summary>
    public int FailBeforeCommit { get; set; }

    /// <summary>Fails this many appends after it committed, as a broken connection does.</summary>
    public int FailAfterCommit { get; set; }

    /// <summary>Completes when the log holds that many; the loop under test runs on other threads.</summary>
    public async Task ReachedAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref appended) < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(new LogHead(Epoch, Entries.LastOrDefault()));

    public Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        if (FailBeforeCommit-- > 0) throw new TrmException("storage_unavailable", "disk full");
        if (prediction.Epoch != Epoch) throw new EpochChangedException(prediction.Market, Epoch, prediction.Epoch);
        if (prediction.Sequence <= Entries.Count) return Task.FromResult(false);
        if (prediction.Sequence != Entries.Count + 1) throw new SequenceGapException(prediction.Market, Entries.Count, prediction.Sequence);
        Entries.Add(prediction);
        Interlocked.Increment(ref appended);
        if (FailAfterCommit-- > 0) throw new IOException("connection lost");
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default) =>
        Task.FromResult<IReadOnlyList<Prediction>>(
            [.. Entries.Where(p => p.Sequence > (query.After ?? 0) && p.Sequence < (query.Before ?? long.MaxValue)).Take(query.Limit)]);

    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(PredictionSummary.Of(Entries.Count, [.. Entries.TakeLast(PredictionSummary.RecentLimit)]));
}
