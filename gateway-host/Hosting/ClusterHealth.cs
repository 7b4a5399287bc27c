using Trm.Gateway.Host.Feed;

namespace Trm.Gateway.Host.Hosting;

/// <summary>Ready while the cluster answers: a gateway that cannot reach it should get no new clients; those it has it keeps.</summary>
internal sealed class ClusterHealth(ClusterFeed feed) : IReadinessCheck
{
    public string Name => "cluster";

    public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation) => ValueTask.FromResult(
        !feed.HasMarkets ? new ReadinessResult(false, "the cluster has not answered yet")
        : feed.IsAway ? new ReadinessResult(false, "the cluster does not answer")
        : new ReadinessResult(true));
}
