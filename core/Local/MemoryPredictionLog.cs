using Trm.Core.Predictions;

namespace Trm.Core.Local;

/// <summary>One market's log in memory, gone with its process: for runs whose predictions are not to be kept.</summary>
/// <param name="epoch">Its epoch.</param>
public sealed class MemoryPredictionLog(Guid epoch) : IPredictionLog
{
    private readonly List<Prediction> predictions = [];

    /// <summary>What it holds, in sequence.</summary>
    public IReadOnlyList<Prediction> Predictions => predictions;

    /// <inheritdoc/>
    public Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(new LogHead(epoch, predictions.Count == 0 ? null : predictions[^1]));

    /// <inheritdoc/>
    public Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        if (prediction.Epoch != epoch) throw new EpochChangedException(prediction.Market, epoch, prediction.Epoch);
        if (prediction.Sequence <= predictions.Count) return Task.FromResult(false);
        if (prediction.Sequence != predictions.Count + 1) throw new SequenceGapException(prediction.Market, predictions.Count, prediction.Sequence);
        predictions.Add(prediction);
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        var matching = predictions.Where(p =>
            p.Sequence > (query.After ?? 0) && p.Sequence < (query.Before ?? long.MaxValue) && !(p.Timestamp < query.From) && !(p.Timestamp >= query.To));
        return Task.FromResult<IReadOnlyList<Prediction>>([.. query.Newest ? matching.TakeLast(query.Limit) : matching.Take(query.Limit)]);
    }

    /// <inheritdoc/>
    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) =>
        Task.FromResult(PredictionSummary.Of(predictions.Count, [.. predictions.TakeLast(PredictionSummary.RecentLimit)]));
}
