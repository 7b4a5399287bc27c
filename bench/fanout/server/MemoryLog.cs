using Trm.Core.Predictions;

namespace Trm.Bench.FanOut.Server;

/// <summary>
/// The log of one market in memory, without a disk that would be measured too. It keeps the newest, so that its own memory
/// does not grow: more than a resume may ask for.
/// </summary>
internal sealed class MemoryLog : IPredictionLog
{
    private const int Capacity = 8_192;

    private readonly Lock gate = new();
    private readonly Prediction[] newest = new Prediction[Capacity]; // by sequence, modulo
    private long last;

    public Guid Epoch { get; } = Guid.NewGuid();

    public Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default)
    {
        lock (gate) return Task.FromResult(new LogHead(Epoch, last == 0 ? null : newest[last % Capacity]));
    }

    public Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            if (prediction.Sequence <= last) return Task.FromResult(false);
            if (prediction.Sequence != last + 1) throw new SequenceGapException(prediction.Market, last, prediction.Sequence);
            last = prediction.Sequence;
            newest[last % Capacity] = prediction;
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            var from = Math.Max((query.After ?? 0) + 1, last - Capacity + 1);
            var to = Math.Min((query.Before ?? long.MaxValue) - 1, last);
            if (query.Newest) from = Math.Max(from, to - query.Limit + 1);
            else to = Math.Min(to, from + query.Limit - 1);
            var page = new List<Prediction>();
            for (var sequence = Math.Max(1, from); sequence <= to; sequence++) page.Add(newest[sequence % Capacity]);
            return Task.FromResult<IReadOnlyList<Prediction>>(page);
        }
    }

    public async Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default)
    {
        var recent = await ReadAsync(market, new LogQuery { Newest = true, Limit = PredictionSummary.RecentLimit }, cancellation).ConfigureAwait(false);
        return PredictionSummary.Of(last, recent);
    }
}
