using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trm.Core.Predictions;

namespace Trm.Gateway.Connections;

/// <summary>What every connection needs.</summary>
internal sealed class ConnectionServices(
    IPredictionFeed feed, MarketHeads heads, RecentPredictions recent, ReplayReader replays, ConnectionRegistry registry,
    IOptions<GatewayOptions> options, TimeProvider time, ILogger<ClientConnection> logger)
{
    public IPredictionFeed Feed { get; } = feed;

    public MarketHeads Heads { get; } = heads;

    public RecentPredictions Recent { get; } = recent;

    public ReplayReader Replays { get; } = replays;

    public ConnectionRegistry Registry { get; } = registry;

    public GatewayOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
