using System.Collections.Concurrent;
using System.Collections.Immutable;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Local;

/// <summary>The feed of one process: what its pipelines publish, and its log for what was missed.</summary>
/// <param name="markets">The markets it carries.</param>
/// <param name="log">Their log.</param>
/// <param name="outcomes">What came of what is in it; null where that is not kept.</param>
public sealed class LocalPredictionFeed(IReadOnlyList<Market> markets, IPredictionLog log, OutcomeBook? outcomes = null) : IPredictionFeed, IPredictionPublisher
{
    private readonly ConcurrentDictionary<string, LogHead> heads = new(StringComparer.Ordinal);
    private ImmutableArray<IFeedListener> listeners = [];

    /// <inheritdoc/>
    public IReadOnlyList<Market> Markets { get; } = markets;

    /// <inheritdoc/>
    public async ValueTask<LogHead> HeadAsync(string market, CancellationToken cancellation = default)
    {
        Require(market);
        if (heads.TryGetValue(market, out var head)) return head;
        var opened = await log.OpenAsync(market, cancellation).ConfigureAwait(false);
        return heads.GetOrAdd(market, opened);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        Require(market);
        return log.ReadAsync(market, query, cancellation);
    }

    /// <inheritdoc/>
    public async Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default)
    {
        var known = Require(market);
        var summary = await log.SummarizeAsync(market, cancellation).ConfigureAwait(false);
        return outcomes is null ? summary : await outcomes.CompleteAsync(known, summary, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<OutcomePage> ReadOutcomesAsync(string market, OutcomeQuery query, CancellationToken cancellation = default)
    {
        var known = Require(market);
        var head = await HeadAsync(market, cancellation).ConfigureAwait(false);
        return outcomes is null ? OutcomePage.Empty : await outcomes.ReadAsync(known, head.Latest, query, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IFeedListener listener)
    {
        ImmutableInterlocked.Update(ref listeners, (all, one) => all.Add(one), listener);
        return new Subscription(this, listener);
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        heads[prediction.Market] = new LogHead(prediction.Epoch, prediction);
        foreach (var listener in listeners) listener.OnPrediction(prediction);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask PublishErrorAsync(PredictionError error, CancellationToken cancellation = default)
    {
        foreach (var listener in listeners) listener.OnError(error);
        return ValueTask.CompletedTask;
    }

    private Market Require(string market) =>
        Markets.FirstOrDefault(m => m.Id == market) ?? throw new UnknownMarketException(market, Markets.Select(m => m.Id));

    private sealed class Subscription(LocalPredictionFeed feed, IFeedListener listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed.listeners, (all, one) => all.Remove(one), listener);
    }
}
