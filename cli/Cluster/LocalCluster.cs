using Trm.Core;
using Trm.Hosting;

namespace Trm.Cli.Cluster;

/// <summary>
/// A cluster whose processes all run on this machine: PostgreSQL, silos, gateways. It keeps nothing in memory: what is, is
/// in <c>cluster.json</c> and in the system's process table, so any command can go on where another ended or was killed.
/// </summary>
internal sealed partial class LocalCluster(
    ClusterFolder folder, IClusterDatabase database, NodePrograms programs, HealthProbe probe, ClusterLimits limits, TextWriter notes, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // SIGKILL and SIGSTOP cannot be refused; a process deep in the kernel may take a moment.
    private static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(10);

    /// <summary>How every node is now.</summary>
    public async Task<IReadOnlyList<NodeStatus>> StatusAsync(CancellationToken cancellation)
    {
        var file = folder.Read();
        return await Task.WhenAll(file.Nodes.Select(node => StatusAsync(file, node, cancellation))).ConfigureAwait(false);
    }

    private async Task<NodeStatus> StatusAsync(ClusterFile file, ClusterNode node, CancellationToken cancellation)
    {
        var state = node.State();
        var readiness = state switch
        {
            NodeState.Running => await CheckAsync(file, node, cancellation).ConfigureAwait(false),
            NodeState.Frozen => Readiness.Not($"it is paused; 'trm cluster resume {node.Name}'"),
            NodeState.Dead => Readiness.Not($"it ended; see {folder.Log(node.Name)}"),
            _ => Readiness.Not("it was stopped"),
        };
        var process = state is NodeState.Running or NodeState.Frozen ? node.Process : null;
        return new NodeStatus(node.Name, node.Role, state, readiness, process?.Pid, process is null ? null : ProcessTable.ResidentBytes(process), node.Urls);
    }

    private Task<Readiness> CheckAsync(ClusterFile file, ClusterNode node, CancellationToken cancellation) => node.Role == NodeRole.Postgres
        ? database.CheckAsync(file.Connection, cancellation)
        : probe.CheckAsync(node.Urls[0], cancellation);

    /// <summary>Waits until all are ready.</summary>
    /// <param name="file">Of the cluster.</param>
    /// <param name="nodes">Nodes that were started, with where their output begins in their logs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TrmException">One ended, or is not ready in time; the last it printed is in the notes.</exception>
    private async Task WaitUntilReadyAsync(ClusterFile file, IReadOnlyList<StartedNode> nodes, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var waiting = nodes;
        while (true)
        {
            var readiness = await Task.WhenAll(waiting.Select(n => CheckAsync(file, n.Node, cancellation))).ConfigureAwait(false);
            if (nodes.FirstOrDefault(n => n.Node.State() == NodeState.Dead) is { } dead) throw Failed(dead, "ended before it was ready");

            foreach (var (started, _) in waiting.Zip(readiness).Where(n => n.Second.Ok)) notes.WriteLine($"{started.Node.Name}: ready");
            var late = waiting.Zip(readiness).Where(n => !n.Second.Ok).ToArray();
            if (late.Length == 0) return;
            if (time.GetElapsedTime(began) >= limits.Ready)
                throw Failed(late[0].First, $"is not ready after {limits.Ready.TotalSeconds:0} s ({late[0].Second.Why})");
            waiting = [.. late.Select(n => n.First)];
            await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
        }
    }

    private StartedNode Launch(ClusterFile file, ClusterNode node)
    {
        var log = folder.Log(node.Name);
        var from = NodeLog.End(log);
        var process = NodeLauncher.Start(programs.Of(node.Role), file.Environment.Concat(node.Environment), folder.Path, log);
        if (process is null) throw Failed(new StartedNode(node, from), "ended at once");
        notes.WriteLine($"{node.Name}: started (pid {process.Pid})");
        return new StartedNode(node with { Process = process }, from);
    }

    // The lines go to the notes: an error is one line.
    private TrmException Failed(StartedNode started, string how)
    {
        var log = folder.Log(started.Node.Name);
        var lines = NodeLog.Tail(log, started.LogStart);
        if (lines.Count > 0) notes.WriteLine($"{started.Node.Name} said last:");
        foreach (var line in lines) notes.WriteLine($"    {line}");
        return new TrmException("node_failed", $"{started.Node.Name} {how}; its log is {log}");
    }

    private sealed record StartedNode(ClusterNode Node, long LogStart);
}
