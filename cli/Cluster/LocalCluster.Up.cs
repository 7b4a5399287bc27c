using Trm.Cli.Settings;
using Trm.Core;

namespace Trm.Cli.Cluster;

internal sealed partial class LocalCluster
{
    private const string ServiceId = "trm";

    /// <summary>Starts what is missing of a cluster, and waits until all of it is ready.</summary>
    /// <exception cref="TrmException">It cannot be done; what this call started is stopped again.</exception>
    public async Task UpAsync(UpPlan plan, CancellationToken cancellation)
    {
        using var turn = folder.TakeTurn();
        var before = ClusterFile.TryRead(folder.File);
        foreach (var node in before?.Nodes ?? []) RefuseFrozen(node);
        var isRunning = before?.Nodes.Any(n => n.Role != NodeRole.Postgres && n.IsUp()) == true;
        if (isRunning) RefuseOtherSettings(before!, plan);
        var (silos, gateways) = Counts(plan, isRunning ? before : null);
        if (silos > 0) _ = programs.Of(NodeRole.Silo);
        if (gateways > 0) _ = programs.Of(NodeRole.Gateway);

        var hadDatabase = await database.FindAsync(folder.Postgres, cancellation).ConfigureAwait(false) is not null;
        var started = new List<StartedNode>();
        try
        {
            var instance = await StartDatabaseAsync(cancellation).ConfigureAwait(false);
            var file = Lay(plan, isRunning ? before : null, before, silos, gateways, instance);
            file.Write(folder.File);
            PrometheusTargets.Write(folder.Prometheus, file);
            await WaitUntilReadyAsync(file, [new StartedNode(file.Node(ClusterNode.Postgres), 0)], cancellation).ConfigureAwait(false);
            NoteSchema(await database.ApplySchemaAsync(instance.Connection, cancellation).ConfigureAwait(false));

            // A gateway without a cluster only waits, so the silos come first.
            foreach (var role in (NodeRole[])[NodeRole.Silo, NodeRole.Gateway])
            {
                var ofRole = new List<StartedNode>();
                foreach (var node in file.Of(role))
                {
                    if (node.IsUp())
                    {
                        ofRole.Add(new StartedNode(node, NodeLog.End(folder.Log(node.Name))));
                        continue;
                    }
                    var launched = Launch(file, node);
                    ofRole.Add(launched);
                    started.Add(launched);
                    // At once, so that no process is unknown if this one is killed now.
                    file = file.With(launched.Node);
                    file.Write(folder.File);
                }
                await WaitUntilReadyAsync(file, ofRole, cancellation).ConfigureAwait(false);
            }
        }
        catch
        {
            await UndoAsync(started, hadDatabase).ConfigureAwait(false);
            if (before is null) File.Delete(folder.File);
            else before.Write(folder.File);
            throw;
        }
    }

    private static (int Silos, int Gateways) Counts(UpPlan plan, ClusterFile? running) => (
        plan.Silos ?? running?.Of(NodeRole.Silo).Count() ?? UpPlan.DefaultSilos,
        plan.Gateways ?? running?.Of(NodeRole.Gateway).Count() ?? UpPlan.DefaultGateways);

    private ClusterFile Lay(UpPlan plan, ClusterFile? running, ClusterFile? before, int silos, int gateways, DatabaseInstance instance)
    {
        var kept = running?.Nodes.Where(n => n.Role != NodeRole.Postgres).ToDictionary(n => n.Name) ?? [];
        var layout = new ClusterLayout(folder.Path, new FreePorts(kept.Values.Where(n => n.IsUp()).SelectMany(n => n.Ports.Values)));
        var others = before?.Of(NodeRole.Gateway).FirstOrDefault()?.Ports["http"] ?? UpPlan.DefaultPort;
        var nodes = new List<ClusterNode> { ClusterLayout.Database(instance) };
        nodes.AddRange(Numbers(NodeRole.Silo, silos).Select(number => Kept(NodeRole.Silo, number) ?? layout.Silo(number, Earlier(NodeRole.Silo, number))));
        nodes.AddRange(Numbers(NodeRole.Gateway, gateways).Select(number => Kept(NodeRole.Gateway, number) ?? layout.Gateway(number, Earlier(NodeRole.Gateway, number), plan.Port, others)));
        return new ClusterFile { Environment = SharedEnvironment(plan, running, instance), Nodes = nodes };

        // What runs is never taken away here, though fewer are asked for.
        IEnumerable<int> Numbers(NodeRole role, int wanted) => Enumerable.Range(1, Math.Max(wanted, kept.Values.Count(n => n.Role == role)));
        ClusterNode? Kept(NodeRole role, int number) => kept.GetValueOrDefault(ClusterNode.NameOf(role, number)) is { } node && node.IsUp() ? node : null;
        ClusterNode? Earlier(NodeRole role, int number) => before?.Nodes.FirstOrDefault(n => n.Name == ClusterNode.NameOf(role, number));
    }

    private Dictionary<string, string> SharedEnvironment(UpPlan plan, ClusterFile? running, DatabaseInstance instance)
    {
        var environment = new Dictionary<string, string>(running?.Environment ?? plan.Settings)
        {
            [ClusterKeys.Connection] = instance.Connection,
        };
        environment.TryAdd(ClusterKeys.ServiceId, ServiceId);
        // One for all gateways: 'trm keys' with the same --data is heard by each of them.
        environment.TryAdd(ClusterKeys.KeysFile, Path.GetFullPath(KeysPlace.Of(folder.Data)));
        // A cluster that starts from nothing is a new one: it need not ask after the silos of the last one, which may have died
        // unheard. State, reminders and streams belong to the service id, which stays.
        environment.TryAdd(ClusterKeys.ClusterId, $"trm-{Guid.NewGuid():N}"[..16]);
        return environment;
    }

    private static void RefuseOtherSettings(ClusterFile running, UpPlan plan)
    {
        foreach (var (name, value) in plan.Settings)
        {
            var has = running.Environment.GetValueOrDefault(name);
            if (has != value)
                throw new TrmException("cluster_differs", $"the cluster runs with {name}={has ?? "(nothing)"}, not {value}; leave the option out, or run 'trm cluster down' first");
        }
    }

    private static void RefuseFrozen(ClusterNode node)
    {
        if (node.State() == NodeState.Frozen) throw new TrmException("node_frozen", $"{node.Name} is paused; 'trm cluster resume {node.Name}' or 'trm cluster kill {node.Name}' first");
    }

    private async Task<DatabaseInstance> StartDatabaseAsync(CancellationToken cancellation)
    {
        var instance = await database.StartAsync(folder.Postgres, cancellation).ConfigureAwait(false);
        LinkLog(instance.Log);
        notes.WriteLine($"{ClusterNode.Postgres}: runs (pid {instance.Process.Pid})");
        return instance;
    }

    // It writes its log itself, into its own folder; all logs are found in one.
    private void LinkLog(string target)
    {
        var link = folder.Log(ClusterNode.Postgres);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        if (new FileInfo(link).LinkTarget == target) return;
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }

    private void NoteSchema(IReadOnlyList<string> applied) =>
        notes.WriteLine(applied.Count == 0 ? "schema: already up to date" : $"schema: {string.Join(", ", applied)}");

    private async Task UndoAsync(List<StartedNode> started, bool hadDatabase)
    {
        // Whoever gave up (Ctrl-C among others) is waited for no longer, but nothing is left behind.
        foreach (var role in (NodeRole[])[NodeRole.Gateway, NodeRole.Silo])
        {
            await Task.WhenAll(started.Where(s => s.Node.Role == role).Select(s => EndAsync(s.Node, NodeSignal.Terminate, UndoLimit, CancellationToken.None))).ConfigureAwait(false);
        }
        if (!hadDatabase && await database.FindAsync(folder.Postgres, CancellationToken.None).ConfigureAwait(false) is { } instance)
            await EndAsync(ClusterLayout.Database(instance), NodeSignal.Interrupt, UndoLimit, CancellationToken.None).ConfigureAwait(false);
    }

    private static readonly TimeSpan UndoLimit = TimeSpan.FromSeconds(10);
}
