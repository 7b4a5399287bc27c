using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Markets;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Gateway.Host.Feed;

/// <summary>
/// The feed of a cluster: a stream subscription for each market, and the history grains for what was missed. It outlives the
/// cluster's absence: its listeners are told, and what they missed comes when it is back.
/// </summary>
internal sealed class ClusterFeed(IClusterClient cluster, TimeProvider time, ILogger<ClusterFeed> logger) : IPredictionFeed
{
    private ImmutableArray<IFeedListener> listeners = [];
    private volatile FrozenDictionary<string, MarketFollower> followers = FrozenDictionary<string, MarketFollower>.Empty;
    private volatile IReadOnlyList<Market> markets = [];
    private volatile bool isAway;

    /// <inheritdoc/>
    public IReadOnlyList<Market> Markets => markets;

    /// <summary>The cluster has answered at least once.</summary>
    public bool HasMarkets => markets.Count > 0;

    /// <summary>The cluster does not answer now.</summary>
    public bool IsAway => isAway;

    /// <inheritdoc/>
    public async ValueTask<LogHead> HeadAsync(string market, CancellationToken cancellation = default) =>
        await Follower(market).HeadAsync().WaitAsync(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default) =>
        Follower(market).ReadAsync(query, cancellation);

    /// <inheritdoc/>
    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default)
    {
        _ = Follower(market);
        return ClusterCall.RunAsync(() => cluster.GetGrain<IHistoryGrain>(market).SummarizeAsync(), cancellation);
    }

    /// <inheritdoc/>
    public Task<OutcomePage> ReadOutcomesAsync(string market, OutcomeQuery query, CancellationToken cancellation = default)
    {
        _ = Follower(market);
        return ClusterCall.RunAsync(() => cluster.GetGrain<IHistoryGrain>(market).OutcomesAsync(query), cancellation);
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IFeedListener listener)
    {
        ImmutableInterlocked.Update(ref listeners, (all, one) => all.Add(one), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Asks the cluster for its markets; new ones are followed from now on.</summary>
    /// <exception cref="ClusterException">It does not answer.</exception>
    public async Task RefreshMarketsAsync(CancellationToken cancellation)
    {
        var list = await ClusterCall.RunAsync(() => cluster.GetGrain<IMarketsGrain>(0).ListAsync(), cancellation).ConfigureAwait(false);
        var before = followers;
        followers = list.ToFrozenDictionary(
            m => m.Id, m => before.GetValueOrDefault(m.Id) ?? new MarketFollower(m.Id, cluster, this, time, logger), StringComparer.Ordinal);
        markets = list;
    }

    /// <summary>
    /// Looks after every market: subscribes, and repairs what silence hides. A market that is still being looked after is left out,
    /// so whoever does not wait for this may call it again: one whose silo does not answer keeps the others not waiting.
    /// </summary>
    /// <param name="renew">The cluster was away: every subscription is made anew, and every log is asked.</param>
    /// <returns>Ends when every market is looked after, its subscription included.</returns>
    public Task CheckAsync(bool renew) => Task.WhenAll(followers.Values.Select(async follower =>
    {
        await follower.CheckAsync(renew).ConfigureAwait(false);
        await follower.Subscribing.ConfigureAwait(false);
    }));

    /// <summary>The cluster answers, or not; on the change to not, every listener hears it once for each market.</summary>
    public void Mark(bool away)
    {
        if (isAway == away) return;
        isAway = away;
        if (!away)
        {
            Log.ClusterBack(logger);
            return;
        }
        Log.ClusterAway(logger);
        foreach (var market in markets)
        {
            Tell(new PredictionError(
                market.Id, ClusterException.Unavailable, "the cluster does not answer; the connection stays, and what is missed comes when it does", time.GetUtcNow()));
        }
    }

    /// <summary>Tells every listener.</summary>
    public void Tell(Prediction prediction)
    {
        foreach (var listener in listeners) listener.OnPrediction(prediction);
    }

    /// <summary>Tells every listener.</summary>
    public void Tell(PredictionError error)
    {
        foreach (var listener in listeners) listener.OnError(error);
    }

    private MarketFollower Follower(string market) =>
        followers.TryGetValue(market, out var follower) ? follower : throw new UnknownMarketException(market, markets.Select(m => m.Id));

    private sealed class Subscription(ClusterFeed feed, IFeedListener listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed.listeners, (all, one) => all.Remove(one), listener);
    }
}
