using Microsoft.Extensions.Configuration;
using Trm.Cli.Cluster;

namespace Trm.Cli.Tests.Cluster;

public sealed class NodeSettingsTests
{
    [Fact]
    public void Everything_that_was_said_goes_to_the_nodes_but_what_the_cluster_decides_itself()
    {
        var settings = Read(
            ("Trm:Interval", "0.5"), ("Trm:Gateway:QueueLimit", "64"), ("Trm:Cluster:Streams", "adonet"),
            ("Trm:Data", "elsewhere"), ("Trm:Urls", "http://localhost:1"), ("Trm:Cluster:Connection", "Host=db"), ("Logging:LogLevel:Default", "Debug"));

        Assert.Equal(
            new Dictionary<string, string> { ["TRM__INTERVAL"] = "0.5", ["TRM__GATEWAY__QUEUELIMIT"] = "64", ["TRM__CLUSTER__STREAMS"] = "adonet" },
            settings);
    }

    [Fact]
    public void Paths_hold_wherever_a_node_is_started_from() =>
        Assert.Equal(Path.GetFullPath("my-markets"), Read(("Trm:Markets", "my-markets"))["TRM__MARKETS"]);

    [Fact]
    public void The_keys_file_is_the_same_for_every_node() =>
        Assert.Equal(Path.GetFullPath("desk.json"), Read(("Trm:Access:KeysFile", "desk.json"))["TRM__ACCESS__KEYSFILE"]);

    private static IReadOnlyDictionary<string, string> Read(params (string Key, string Value)[] settings) =>
        NodeSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build());
}
