using Trm.Cli.Cluster;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Hosting;

namespace Trm.Cli.Tests.Doctor;

public class ClusterCheckTests
{
    [Fact]
    public async Task A_cluster_that_works_has_a_line_for_its_database_its_silos_and_its_gateways() => Assert.Equal(
        ["Ok: PostgreSQL answers, schema 14", "Ok: silos ready: 2 of 2", "Ok: gateways ready: 1 of 1"],
        await LookAsync(Node("postgres"), Node("silo-1"), Node("silo-2"), Node("gateway-1")));

    [Fact]
    public async Task Nodes_that_ended_fail_and_nodes_that_were_stopped_are_told()
    {
        var found = await LookAsync(
            Node("postgres"), Node("silo-1", NodeState.Dead, "it ended; see silo-1.log"), Node("silo-2", NodeState.Stopped, "it was stopped"),
            Node("gateway-1", NodeState.Running, "cluster: no silo answers"));

        Assert.Equal(
            [
                "Ok: PostgreSQL answers, schema 14",
                "Fail: silo-1: it ended; see silo-1.log; 'trm cluster start silo-1'",
                "Warn: silo-2: it was stopped; 'trm cluster start silo-2' when it shall work again",
                "Fail: gateway-1: cluster: no silo answers; its log says more; 'trm cluster restart gateway-1'",
            ],
            found);
    }

    [Fact]
    public async Task A_cluster_that_was_stopped_as_a_whole_is_no_failure() => Assert.Equal(
        ["Warn: stopped: postgres, silo-1; 'trm cluster up' starts it as it was"],
        await LookAsync(Node("postgres", NodeState.Stopped, "it was stopped"), Node("silo-1", NodeState.Stopped, "it was stopped")));

    [Fact]
    public async Task A_database_that_does_not_answer_is_not_asked_for_its_tables()
    {
        var found = await LookAsync(Node("postgres", NodeState.Dead, "it ended"), Node("silo-1"));

        Assert.StartsWith("Fail: postgres: it ended", found[0]);
    }

    private static Task<string[]> LookAsync(params NodeStatus[] nodes) => Look.AtAsync(new ClusterCheck(
        _ => Task.FromResult<IReadOnlyList<NodeStatus>>(nodes),
        _ => nodes[0].Readiness.Ok ? Task.FromResult(14) : throw new InvalidOperationException("asked")));

    private static NodeStatus Node(string name, NodeState state = NodeState.Running, string? why = null) => new(
        name, name[0] switch { 'p' => NodeRole.Postgres, 's' => NodeRole.Silo, _ => NodeRole.Gateway }, state, why is null ? Readiness.Ready : Readiness.Not(why), null, null, []);
}
