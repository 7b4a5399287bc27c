using Trm.Cli.Cluster;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The cluster in the data folder: its database answers and has the tables of this version, its silos and gateways are ready.</summary>
/// <param name="status">How each node is.</param>
/// <param name="schema">The version of the database's tables; throws when they are not those of this version.</param>
internal sealed class ClusterCheck(Func<CancellationToken, Task<IReadOnlyList<NodeStatus>>> status, Func<CancellationToken, Task<int>> schema) : IDoctorCheck
{
    public string Name => "cluster";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var nodes = await status(cancellation).ConfigureAwait(false);
        if (nodes.All(node => node.State == NodeState.Stopped))
            return [Finding.Warn($"stopped: {string.Join(", ", nodes.Select(node => node.Name))}", "'trm cluster up' starts it as it was")];

        var database = nodes.Where(node => node.Role == NodeRole.Postgres).ToArray();
        var findings = new List<Finding>();
        findings.AddRange(database.All(node => node.Readiness.Ok)
            ? [Finding.Ok($"PostgreSQL answers, schema {await schema(cancellation).ConfigureAwait(false)}")]
            : database.Where(node => !node.Readiness.Ok).Select(NotReady));
        findings.AddRange(Of(NodeRole.Silo, "silos", nodes));
        findings.AddRange(Of(NodeRole.Gateway, "gateways", nodes));
        return findings;
    }

    private static IEnumerable<Finding> Of(NodeRole role, string name, IReadOnlyList<NodeStatus> nodes)
    {
        var all = nodes.Where(node => node.Role == role).ToArray();
        var faulty = all.Where(node => !node.Readiness.Ok).ToArray();
        if (all.Length == 0) return [];
        return faulty.Length == 0 ? [Finding.Ok($"{name} ready: {all.Length} of {all.Length}")] : faulty.Select(NotReady);
    }

    // One that somebody stopped is a plan; one that ended by itself, or does not get ready, is none.
    private static Finding NotReady(NodeStatus node) => node.State == NodeState.Stopped
        ? Finding.Warn($"{node.Name}: {node.Readiness.Why}", $"'trm cluster start {node.Name}' when it shall work again")
        : Finding.Fail($"{node.Name}: {node.Readiness.Why}", node.State == NodeState.Dead ? $"'trm cluster start {node.Name}'" : $"its log says more; 'trm cluster restart {node.Name}'");
}
