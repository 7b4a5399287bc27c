namespace Trm.Cli.Tests.Cluster.Support;

/// <summary>Two clusters that start at the same moment may choose the same port; tests that start one take turns.</summary>
[CollectionDefinition(OneByOne)]
public sealed class ClusterTests
{
    public const string OneByOne = "clusters";
}
