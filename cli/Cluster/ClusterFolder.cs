using Trm.Cli.Hosting;
using Trm.Core;

namespace Trm.Cli.Cluster;

/// <summary>Where a cluster on this machine keeps its things: <c>cluster/</c> in the data folder.</summary>
/// <param name="data">The data folder.</param>
internal sealed class ClusterFolder(string data)
{
    /// <summary>The data folder, as the user named it.</summary>
    public string Data { get; } = data;

    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(data, "cluster"));

    public string File => System.IO.Path.Combine(Path, "cluster.json");

    /// <summary>For Prometheus: where the nodes are.</summary>
    public string Prometheus => System.IO.Path.Combine(Path, "prometheus.json");

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    /// <summary>Everything that a node ever printed, its runs one after the other.</summary>
    public string Log(string node) => System.IO.Path.Combine(Path, "logs", $"{node}.log");

    /// <summary>The right to start and stop, of one command at a time.</summary>
    /// <exception cref="TrmException">Another command has it.</exception>
    public IDisposable TakeTurn() => FolderLock.TryTake(Path, "cluster.lock") ?? throw new TrmException(
        "cluster_in_use", $"another 'trm cluster' command starts or stops nodes in {Data}; wait for it, or stop it with Ctrl-C");

    /// <summary>What the folder's cluster is.</summary>
    /// <exception cref="TrmException">There is none.</exception>
    public ClusterFile Read() => ClusterFile.TryRead(File) ?? throw new TrmException(
        "no_cluster", $"there is no cluster in {Data}; start one with 'trm cluster up', or name its folder with --data");
}
