using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Grains.Predictions;

/// <summary>The log as a pipeline sees it: a market's history grain.</summary>
internal sealed class HistoryLog(IGrainFactory grains) : IPredictionLog
{
    public Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default) => History(market).HeadAsync();

    public async Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        var reply = await History(prediction.Market).AppendAsync(prediction);
        return reply.Result switch
        {
            AppendResult.Added => true,
            AppendResult.AlreadyThere => false,
            AppendResult.Gap => throw new SequenceGapException(prediction.Market, reply.Sequence, prediction.Sequence),
            _ => throw new EpochChangedException(prediction.Market, reply.Epoch, prediction.Epoch),
        };
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default) =>
        History(market).ReadAsync(query);

    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) => History(market).SummarizeAsync();

    private IHistoryGrain History(string market) => grains.GetGrain<IHistoryGrain>(market);
}
