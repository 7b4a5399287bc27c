using Trm.Core;

namespace Trm.Cli.Cluster;

internal sealed partial class LocalCluster
{
    /// <summary>Starts a node as it was, and waits until it is ready.</summary>
    /// <exception cref="TrmException">It cannot be started; nothing of it is left then.</exception>
    public async Task StartAsync(string name, CancellationToken cancellation)
    {
        using var turn = folder.TakeTurn();
        var node = folder.Read().Node(name);
        RefuseFrozen(node);
        if (node.IsUp())
        {
            notes.WriteLine($"{name}: runs already (pid {node.Process!.Pid})");
            return;
        }
        await StartAsync(node, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends a node as an operator would: it may finish what it does.</summary>
    /// <exception cref="TrmException">It does not end in time; it goes on then.</exception>
    public async Task StopAsync(string name, CancellationToken cancellation)
    {
        using var turn = folder.TakeTurn();
        await StopAsync(folder.Read().Node(name), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Stops and starts a node; or, with no name, all silos and then all gateways, one after the other, each ready before the
    /// next is stopped. Those that were stopped before stay so.
    /// </summary>
    public async Task RestartAsync(string? name, CancellationToken cancellation)
    {
        using var turn = folder.TakeTurn();
        var file = folder.Read();
        var nodes = name is null ? file.Nodes.Where(n => n.Role != NodeRole.Postgres && n.Process is not null).ToArray() : [file.Node(name)];
        foreach (var node in nodes) RefuseFrozen(node);
        foreach (var node in nodes)
        {
            await StopAsync(node, cancellation).ConfigureAwait(false);
            await StartAsync(node, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Stops everything: gateways, silos, PostgreSQL. What does not end in time is killed.</summary>
    public async Task DownAsync(CancellationToken cancellation)
    {
        using var turn = folder.TakeTurn();
        foreach (var role in (NodeRole[])[NodeRole.Gateway, NodeRole.Silo, NodeRole.Postgres])
        {
            var nodes = folder.Read().Of(role).Where(n => n.Process is not null).ToArray();
            await Task.WhenAll(nodes.Select(n => EndAsync(n, SignalToStop(n), limits.Stop, cancellation))).ConfigureAwait(false);
            foreach (var node in nodes) Record(node with { Process = null });
        }
    }

    /// <summary>SIGKILL, to it and all that it started.</summary>
    public Task KillAsync(string name, CancellationToken cancellation) =>
        SignalAsync(name, NodeSignal.Kill, NodeState.Dead, "killed", cancellation);

    /// <summary>SIGSTOP: it stays, holds its connections, and does nothing.</summary>
    public Task PauseAsync(string name, CancellationToken cancellation) =>
        SignalAsync(name, NodeSignal.Pause, NodeState.Frozen, "paused", cancellation);

    /// <summary>SIGCONT.</summary>
    public Task ResumeAsync(string name, CancellationToken cancellation) =>
        SignalAsync(name, NodeSignal.Resume, NodeState.Running, "resumed", cancellation);

    private async Task SignalAsync(string name, NodeSignal signal, NodeState state, string done, CancellationToken cancellation)
    {
        var node = folder.Read().Node(name);
        if (!node.IsUp()) throw new TrmException("node_not_running", $"{name} does not run; 'trm cluster start {name}' starts it");
        NodeProcess.SignalTree(node.Process!, signal);
        if (!await NodeProcess.BecomesAsync(node.Process!, state, SignalLimit, time, cancellation).ConfigureAwait(false))
            throw new TrmException("node_stuck", $"{name} (pid {node.Process!.Pid}) was signalled and is not {done}: it hangs in the system, on a disk perhaps, or has ended");
        notes.WriteLine($"{name}: {done} (pid {node.Process!.Pid})");
    }

    private static NodeSignal SignalToStop(ClusterNode node) => node.Role == NodeRole.Postgres ? NodeSignal.Interrupt : NodeSignal.Terminate;

    private async Task StartAsync(ClusterNode node, CancellationToken cancellation)
    {
        var file = folder.Read();
        // The database keeps its port, which the connection string in the others' environment names.
        var started = node.Role == NodeRole.Postgres
            ? new StartedNode(ClusterLayout.Database(await StartDatabaseAsync(cancellation).ConfigureAwait(false)), NodeLog.End(folder.Log(node.Name)))
            : Launch(file, node);
        Record(started.Node);
        try
        {
            await WaitUntilReadyAsync(file, [started], cancellation).ConfigureAwait(false);
        }
        catch
        {
            await EndAsync(started.Node, SignalToStop(node), UndoLimit, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task StopAsync(ClusterNode node, CancellationToken cancellation)
    {
        if (node.IsUp())
        {
            Ask(node, SignalToStop(node));
            if (!await NodeProcess.EndsWithinAsync(node.Process!, limits.Stop, time, cancellation).ConfigureAwait(false))
                throw new TrmException("node_stuck", $"{node.Name} (pid {node.Process!.Pid}) did not stop within {limits.Stop.TotalSeconds:0} s; wait longer with --timeout, or 'trm cluster kill {node.Name}'");
            notes.WriteLine($"{node.Name}: stopped");
        }
        Record(node with { Process = null });
    }

    private async Task EndAsync(ClusterNode node, NodeSignal signal, TimeSpan limit, CancellationToken cancellation)
    {
        if (!node.IsUp()) return;
        Ask(node, signal);
        if (await NodeProcess.EndsWithinAsync(node.Process!, limit, time, cancellation).ConfigureAwait(false))
        {
            notes.WriteLine($"{node.Name}: stopped");
            return;
        }
        NodeProcess.SignalTree(node.Process!, NodeSignal.Kill);
        await NodeProcess.EndsWithinAsync(node.Process!, SignalLimit, time, cancellation).ConfigureAwait(false);
        notes.WriteLine($"{node.Name}: killed, for it did not stop within {limit.TotalSeconds:0} s");
    }

    // One that is paused hears the signal when it goes on.
    private static void Ask(ClusterNode node, NodeSignal signal)
    {
        NodeProcess.Signal(node.Process!, signal);
        if (node.State() == NodeState.Frozen) NodeProcess.SignalTree(node.Process!, NodeSignal.Resume);
    }

    private void Record(ClusterNode node) => folder.Read().With(node).Write(folder.File);
}
