namespace Trm.Cli.Cluster;

/// <summary>Which nodes a cluster has, on which ports.</summary>
/// <param name="folder">The cluster's folder; two clusters on a machine begin at different ports.</param>
/// <param name="ports">Gives out ports that are free.</param>
internal sealed class ClusterLayout(string folder, FreePorts ports)
{
    private const string Host = "127.0.0.1";

    /// <summary>The database, when it runs.</summary>
    public static ClusterNode Database(DatabaseInstance instance) => new()
    {
        Name = ClusterNode.Postgres,
        Role = NodeRole.Postgres,
        Ports = new Dictionary<string, int> { ["postgres"] = instance.Port },
        Urls = [$"postgres://{Host}:{instance.Port}"],
        Process = instance.Process,
    };

    /// <summary>A silo on the ports it had when they are free, else on others.</summary>
    public ClusterNode Silo(int number, ClusterNode? earlier)
    {
        var name = ClusterNode.NameOf(NodeRole.Silo, number);
        var (silo, gateway, health) = (Port("silo"), Port("gateway"), Port("operator"));
        return new ClusterNode
        {
            Name = name,
            Role = NodeRole.Silo,
            Ports = new Dictionary<string, int> { ["operator"] = health, ["silo"] = silo, ["gateway"] = gateway },
            Urls = [Url(health)],
            Environment = new Dictionary<string, string>
            {
                [ClusterKeys.SiloName] = name,
                [ClusterKeys.SiloPort] = $"{silo}",
                [ClusterKeys.GatewayPort] = $"{gateway}",
                [ClusterKeys.OperatorUrls] = Url(health),
            },
        };

        int Port(string use) => ports.Take(earlier?.Ports[use], FreePorts.Start(folder));
    }

    /// <summary>A gateway on the port it had when that is free and no start was asked for, else on the first free one from a start on.</summary>
    /// <param name="number">Which.</param>
    /// <param name="earlier">What it was; null when it is new.</param>
    /// <param name="asked">Where ports shall begin; null when nothing was said.</param>
    /// <param name="others">Where they begin then.</param>
    public ClusterNode Gateway(int number, ClusterNode? earlier, int? asked, int others)
    {
        var port = ports.Take(asked is null ? earlier?.Ports["http"] : null, asked ?? others);
        return new ClusterNode
        {
            Name = ClusterNode.NameOf(NodeRole.Gateway, number),
            Role = NodeRole.Gateway,
            Ports = new Dictionary<string, int> { ["http"] = port },
            Urls = [Url(port)],
            Environment = new Dictionary<string, string> { [ClusterKeys.Urls] = Url(port) },
        };
    }

    private static string Url(int port) => $"http://{Host}:{port}";
}
