namespace Trm.Bench.Chaos.Cluster;

/// <summary>
/// Processor time of the cluster's processes and of this one, by role. A process that dies is counted up to the last look, so
/// looks are to be frequent.
/// </summary>
internal sealed class CpuMeter
{
    /// <summary>What this program itself takes, in the clients' stead.</summary>
    public const string Clients = "clients";

    private readonly Dictionary<(int Pid, long Start), (string Role, long First, long Last)> seen = [];
    private bool isMeasuring;

    /// <summary>Seconds since <see cref="Begin"/>, by role.</summary>
    public IReadOnlyDictionary<string, double> Seconds => seen.Values.GroupBy(p => p.Role)
        .ToDictionary(g => g.Key, g => g.Sum(p => p.Last - p.First) / LinuxProcess.TicksPerSecond);

    /// <summary>What was used until now does not count.</summary>
    public void Begin(IReadOnlyList<NodeView> nodes)
    {
        seen.Clear();
        isMeasuring = false;
        Look(nodes);
        isMeasuring = true;
    }

    /// <summary>Notes how much each has used.</summary>
    public void Look(IReadOnlyList<NodeView> nodes)
    {
        var all = LinuxProcess.All().ToList();
        var children = all.ToLookup(p => p.Parent);
        var byPid = all.ToDictionary(p => p.Pid);
        foreach (var node in nodes)
        {
            if (node.Pid is { } pid && byPid.TryGetValue(pid, out var process)) Note(process, children, node.Role);
        }
        if (byPid.TryGetValue(Environment.ProcessId, out var own)) Note(own, null, Clients);
    }

    // A server's workers are its children.
    private void Note(LinuxProcess process, ILookup<int, LinuxProcess>? children, string role)
    {
        var key = (process.Pid, process.StartTicks);
        // One that came later began at nothing.
        var first = seen.TryGetValue(key, out var known) ? known.First : isMeasuring ? 0 : process.CpuTicks;
        seen[key] = (role, first, process.CpuTicks);
        if (children is null) return;
        foreach (var child in children[process.Pid]) Note(child, children, role);
    }
}
