using System.Collections.Concurrent;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>The newest prediction of each market, serialised: what a client gets at once on connecting.</summary>
internal sealed class MarketHeads(IPredictionFeed feed, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, MarketHead> heads = new(StringComparer.Ordinal);

    /// <summary>Whether a market was refreshed before.</summary>
    public bool Knows(string market) => heads.ContainsKey(market);

    /// <summary>The head of a market that was refreshed before.</summary>
    public MarketHead Of(string market) => heads[market];

    /// <summary>
    /// A live prediction arrived: call before it is offered to the clients. The log may be ahead of the live stream,
    /// so a head never goes back within an epoch.
    /// </summary>
    public void Advance(PredictionFrame frame) => heads.AddOrUpdate(
        frame.Market,
        static (_, live) => new MarketHead(live.Epoch, live),
        static (_, head, live) => head.Epoch == live.Epoch && head.Sequence >= live.Sequence ? head : new MarketHead(live.Epoch, live),
        frame);

    /// <summary>Asks the feed, since live notices may be lost; keeps what is newer.</summary>
    /// <exception cref="UnknownMarketException">The feed carries no such market.</exception>
    public async ValueTask RefreshAsync(string market, CancellationToken cancellation)
    {
        var before = heads.GetValueOrDefault(market);
        var log = await feed.HeadAsync(market, cancellation);
        if (before is not null && before.Epoch == log.Epoch && before.Sequence >= log.Sequence) return;

        var head = new MarketHead(log.Epoch, log.Latest is { } latest ? PredictionFrame.Of(latest, time.GetUtcNow()) : null);
        // A live prediction may have come meanwhile. Within an epoch the later sequence is the head, whoever told of it;
        // of two epochs the one that was not there before the question is the newer.
        heads.AddOrUpdate(market, head, (_, current) =>
            current.Epoch == head.Epoch ? (current.Sequence >= head.Sequence ? current : head)
            : ReferenceEquals(current, before) ? head : current);
    }
}
