namespace Trm.Cli.Cluster;

/// <summary>One process of the cluster, whether it runs or not.</summary>
internal sealed record ClusterNode
{
    /// <summary>The one database of a cluster.</summary>
    public const string Postgres = "postgres";

    /// <summary><c>postgres</c>, <c>silo-1</c>, <c>gateway-1</c> and so on.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>Loopback ports by what they are for; kept when the node is started again.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>Where it answers. Of silos and gateways the first has <c>/health/ready</c>.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Its own part of the environment; the rest is <see cref="ClusterFile.Environment"/>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The process that was started last; null when it was stopped, or never started.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>How it is now.</summary>
    public NodeState State() => Process is null ? NodeState.Stopped : ProcessTable.StateOf(Process);

    /// <summary>Whether there is a process, running or frozen.</summary>
    public bool IsUp() => State() is NodeState.Running or NodeState.Frozen;

    public static string NameOf(NodeRole role, int number) => $"{(role == NodeRole.Silo ? "silo" : "gateway")}-{number}";
}
