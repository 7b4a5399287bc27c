namespace Trm.Cluster.Tests.Support;

/// <summary>One cluster for the tests of a class, each of which has markets of its own and kills no silo.</summary>
public class ClusterFixture : IAsyncLifetime
{
    internal TestCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual Task<TestCluster> StartAsync() => TestCluster.StartAsync();
}
