using Trm.Cli.Cluster;
using Trm.Cli.Tests.Cluster.Support;
using Trm.Core;
using Trm.Hosting;

namespace Trm.Cli.Tests.Cluster;

[Collection(ClusterTests.OneByOne)]
public sealed class LocalClusterNodesTests : IDisposable
{
    private readonly TestCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_killed_node_is_dead_until_it_is_started_again_as_it_was()
    {
        await cluster.UpAsync(silos: 1, gateways: 1);
        var before = cluster.File.Node("silo-1");

        await cluster.Open().KillAsync("silo-1", CancellationToken.None);

        var dead = await cluster.StatusAsync("silo-1");
        Assert.Equal((NodeState.Dead, false, null), (dead.State, dead.Readiness.Ok, dead.Pid));
        Assert.DoesNotContain(before.Process!.Pid, cluster.Processes);

        await cluster.Open().StartAsync("silo-1", CancellationToken.None);

        var after = cluster.File.Node("silo-1");
        Assert.Equal((NodeState.Running, true), ((await cluster.StatusAsync("silo-1")).State, (await cluster.StatusAsync("silo-1")).Readiness.Ok));
        Assert.NotEqual(before.Process, after.Process);
        Assert.Equal(before.Environment, after.Environment);
        Assert.Equal(2, File.ReadLines(cluster.Folder.Log("silo-1")).Count(line => line.StartsWith("listening", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_paused_node_is_frozen_and_a_resumed_one_answers_again()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);
        var pid = cluster.Pid("silo-1");

        await cluster.Open().PauseAsync("silo-1", CancellationToken.None);

        var frozen = await cluster.StatusAsync("silo-1");
        Assert.Equal((NodeState.Frozen, false, pid), (frozen.State, frozen.Readiness.Ok, frozen.Pid));
        Assert.Contains("trm cluster resume silo-1", frozen.Readiness.Why);
        Assert.Equal("node_frozen", (await Assert.ThrowsAsync<TrmException>(() => cluster.UpAsync(silos: 1, gateways: 0))).Code);

        await cluster.Open().ResumeAsync("silo-1", CancellationToken.None);

        var running = await cluster.StatusAsync("silo-1");
        Assert.Equal((NodeState.Running, true, pid), (running.State, running.Readiness.Ok, running.Pid));
    }

    [Fact]
    public async Task What_a_node_started_itself_is_paused_and_killed_with_it()
    {
        cluster.Script("silo", "sleep 300 &");
        await cluster.UpAsync(silos: 1, gateways: 0);
        var worker = ProcessTable.Identify(Assert.Single(ProcessTable.Descendants(cluster.Pid("silo-1"))))!;

        await cluster.Open().PauseAsync("silo-1", CancellationToken.None);
        Assert.True(await BecomesAsync(worker, NodeState.Frozen));
        await cluster.Open().ResumeAsync("silo-1", CancellationToken.None);
        Assert.True(await BecomesAsync(worker, NodeState.Running));
        await cluster.Open().KillAsync("silo-1", CancellationToken.None);
        Assert.True(await BecomesAsync(worker, NodeState.Dead));
    }

    [Fact]
    public async Task A_node_that_is_not_ready_says_why()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);

        await File.WriteAllTextAsync(Path.Combine(cluster.Folder.Path, "not-ready"), "markets: us-equities: storage_unavailable");

        var status = await cluster.StatusAsync("silo-1");
        Assert.Equal((NodeState.Running, new Readiness(false, "markets: us-equities: storage_unavailable")), (status.State, status.Readiness));
    }

    [Fact]
    public async Task A_stopped_node_stays_stopped_when_the_others_are_restarted()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);
        await cluster.Open().StopAsync("silo-1", CancellationToken.None);

        await cluster.Open().RestartAsync(null, CancellationToken.None);

        Assert.Equal(NodeState.Stopped, (await cluster.StatusAsync("silo-1")).State);
        Assert.True((await cluster.StatusAsync("silo-2")).Readiness.Ok);
    }

    [Fact]
    public async Task A_restart_takes_one_node_after_the_other_each_ready_before_the_next_is_stopped()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);
        var seen = cluster.Notes.Count;

        await cluster.Open().RestartAsync(null, CancellationToken.None);

        string[] told = [.. cluster.Notes.Skip(seen).Select(note => note.Split(" (pid")[0])];
        Assert.Equal(
            [
                "silo-1: stopped", "silo-1: started", "silo-1: ready",
                "silo-2: stopped", "silo-2: started", "silo-2: ready",
                "gateway-1: stopped", "gateway-1: started", "gateway-1: ready",
            ],
            told);
    }

    [Fact]
    public async Task A_node_that_does_not_stop_in_time_is_told_and_goes_on()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder.Path, "stubborn"), "");

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.Open(stop: TimeSpan.Zero).StopAsync("silo-1", CancellationToken.None));

        Assert.Contains("did not stop within 0 s", error.Message);
        Assert.True((await cluster.StatusAsync("silo-1")).Readiness.Ok);
    }

    [Fact]
    public async Task Down_kills_what_does_not_stop_in_time_and_wakes_what_is_paused()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder.Path, "stubborn"), "");
        await cluster.Open().PauseAsync("silo-2", CancellationToken.None);

        await cluster.Open(stop: TimeSpan.Zero).DownAsync(CancellationToken.None);

        Assert.Empty(cluster.Processes);
        Assert.Contains("gateway-1: killed, for it did not stop within 0 s", cluster.Notes);
    }

    [Fact]
    public async Task A_paused_node_hears_that_it_shall_stop()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);
        await cluster.Open().PauseAsync("silo-1", CancellationToken.None);

        await cluster.Open().StopAsync("silo-1", CancellationToken.None);

        Assert.Equal("drained", File.ReadLines(cluster.Folder.Log("silo-1")).Last());
    }

    [Fact]
    public async Task A_node_that_cannot_be_started_leaves_nothing_and_the_others_alone()
    {
        await cluster.UpAsync(silos: 2, gateways: 0);
        await cluster.Open().StopAsync("silo-2", CancellationToken.None);
        cluster.Script("silo", "exec sleep 300");

        await Assert.ThrowsAsync<TrmException>(() => cluster.Open(ready: TimeSpan.Zero).StartAsync("silo-2", CancellationToken.None));

        Assert.False(cluster.File.Node("silo-2").IsUp());
        Assert.Equal([cluster.Pid("postgres"), cluster.Pid("silo-1")], cluster.Processes.Order());
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_those_there_are()
    {
        await cluster.UpAsync(silos: 1, gateways: 1);

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.Open().KillAsync("silo-9", CancellationToken.None));

        Assert.Equal("the cluster has no silo-9; it has postgres, silo-1, gateway-1", error.Message);
    }

    [Fact]
    public async Task A_database_that_was_killed_is_started_again_and_the_others_go_on()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);
        var silo = cluster.Pid("silo-1");
        await cluster.Open().KillAsync("postgres", CancellationToken.None);

        await cluster.Open().StartAsync("postgres", CancellationToken.None);

        Assert.Equal(NodeState.Running, (await cluster.StatusAsync("postgres")).State);
        Assert.Equal(silo, cluster.Pid("silo-1"));
    }

    private static Task<bool> BecomesAsync(ProcessIdentity process, NodeState state) =>
        NodeProcess.BecomesAsync(process, state, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
}
