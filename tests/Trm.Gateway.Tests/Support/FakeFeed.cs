using Trm.Core.Drift;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Gateway.Tests.Support;

/// <summary>A feed over lists: publish appends first, as the pipeline does.</summary>
internal sealed class FakeFeed(params string[] markets) : IPredictionFeed
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Prediction>> logs = markets.ToDictionary(m => m, _ => new List<Prediction>());
    private readonly Dictionary<string, Guid> epochs = markets.ToDictionary(m => m, _ => Samples.Epoch);
    private readonly List<IFeedListener> listeners = [];

    public IReadOnlyList<Market> Markets { get; } = [.. markets.Select(Samples.Market)];

    public Exception? Failure { get; set; }

    public int Reads { get; private set; }

    /// <summary>Happens between a question for the head and the reading of a page.</summary>
    public Action? BeforeRead { get; set; }

    /// <summary>Reads that ended in <see cref="Failure"/>.</summary>
    public int FailedReads { get; private set; }

    /// <summary>Appends the next sequences; what is not announced is a lost live notice.</summary>
    public void Publish(string market = "m", int count = 1, bool announce = true, Func<Prediction, Prediction>? change = null)
    {
        for (var i = 0; i < count; i++)
        {
            Prediction prediction;
            IFeedListener[] hear;
            lock (gate)
            {
                prediction = Samples.Prediction(market, logs[market].Count + 1, epochs[market]);
                if (change is not null) prediction = change(prediction);
                logs[market].Add(prediction);
                hear = [.. listeners];
            }
            if (!announce) continue;
            foreach (var listener in hear) listener.OnPrediction(prediction);
        }
    }

    public void Fail(string market, string code, string message)
    {
        foreach (var listener in listeners.ToArray()) listener.OnError(new PredictionError(market, code, message, Samples.Start));
    }

    public void StartOver(string market, Guid epoch)
    {
        lock (gate)
        {
            logs[market].Clear();
            epochs[market] = epoch;
        }
    }

    public ValueTask<LogHead> HeadAsync(string market, CancellationToken cancellation = default)
    {
        if (Failure is not null) throw Failure;
        lock (gate) return new(new LogHead(Epoch(market), Log(market).LastOrDefault()));
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        if (Failure is { } failure)
        {
            FailedReads++;
            throw failure;
        }
        BeforeRead?.Invoke();
        lock (gate)
        {
            Reads++;
            var matching = Log(market).Where(p => p.Sequence > (query.After ?? 0) && p.Sequence < (query.Before ?? long.MaxValue));
            IReadOnlyList<Prediction> page = [.. query.Newest ? matching.TakeLast(query.Limit) : matching.Take(query.Limit)];
            return Task.FromResult(page);
        }
    }

    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default)
    {
        if (Failure is not null) throw Failure;
        lock (gate)
        {
            return Task.FromResult(PredictionSummary.Of(Log(market).Count, [.. Log(market).TakeLast(PredictionSummary.RecentLimit)]) with
            {
                Outcomes = OutcomePage.Empty with { Newest = Judged.GetValueOrDefault(market) ?? [] } is { Statistics: [var newest, ..] } ? newest.Digest : null,
                Drift = Drift,
            });
        }
    }

    /// <summary>In every summary.</summary>
    public DriftReport? Drift { get; set; }

    /// <summary>What came of predictions, by market.</summary>
    public Dictionary<string, IReadOnlyList<JudgedPrediction>> Judged { get; } = [];

    /// <summary>The last question for outcomes.</summary>
    public OutcomeQuery? AskedOutcomes { get; private set; }

    public Task<OutcomePage> ReadOutcomesAsync(string market, OutcomeQuery query, CancellationToken cancellation = default)
    {
        if (Failure is not null) throw Failure;
        _ = Log(market);
        AskedOutcomes = query;
        var judged = Judged.GetValueOrDefault(market) ?? [];
        return Task.FromResult(OutcomePage.Empty with { Outcomes = judged, Newest = judged });
    }

    public IDisposable Subscribe(IFeedListener listener)
    {
        lock (gate) listeners.Add(listener);
        return new Unsubscriber(() => { lock (gate) listeners.Remove(listener); });
    }

    private List<Prediction> Log(string market) => logs.TryGetValue(market, out var log) ? log : throw new UnknownMarketException(market, logs.Keys);

    private Guid Epoch(string market) => epochs.TryGetValue(market, out var epoch) ? epoch : throw new UnknownMarketException(market, logs.Keys);

    private sealed class Unsubscriber(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
