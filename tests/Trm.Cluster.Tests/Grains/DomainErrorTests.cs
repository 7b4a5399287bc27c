using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Features;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.Grains;

public sealed class DomainErrorTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private readonly TestCluster cluster = fixture.Cluster;
    private readonly TestMarket market = fixture.Cluster.World.Add();

    [Fact]
    public async Task A_cluster_exception_keeps_code_message_and_public_message_through_a_grain_call()
    {
        market.Predicting = _ => throw new ClusterException("some_code", "for the log of /this/machine", "for everybody");
        var error = await Assert.ThrowsAsync<ClusterException>(AskAsync);
        Assert.Equal(("some_code", "for the log of /this/machine", "for everybody"), (error.Code, error.Message, error.PublicMessage));
    }

    [Fact]
    public async Task An_error_of_the_domain_arrives_as_a_cluster_exception()
    {
        market.Predicting = _ => throw new Narrow();
        var error = await Assert.ThrowsAsync<ClusterException>(AskAsync);
        Assert.Equal(("narrow", "the path /secret is narrow", "it is narrow"), (error.Code, error.Message, error.PublicMessage));
        Assert.Null(error.InnerException);
    }

    private Task AskAsync() => cluster.Client.GetGrain<IPredictorGrain>(3).PredictAsync(market.Snapshot(1, 1).Features);

    private sealed class Narrow() : TrmException("narrow", "the path /secret is narrow", new IOException("cause"))
    {
        public override string PublicMessage => "it is narrow";
    }
}
