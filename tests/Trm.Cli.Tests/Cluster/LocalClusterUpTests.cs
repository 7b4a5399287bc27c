using System.Net;
using System.Net.Sockets;
using Trm.Cli.Cluster;
using Trm.Cli.Tests.Cluster.Support;
using Trm.Core;

namespace Trm.Cli.Tests.Cluster;

[Collection(ClusterTests.OneByOne)]
public sealed class LocalClusterUpTests : IDisposable
{
    private readonly TestCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task Up_starts_database_silos_and_gateways_each_ready_and_down_leaves_no_process()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);

        var nodes = await cluster.Open().StatusAsync(CancellationToken.None);
        Assert.Equal(["postgres", "silo-1", "silo-2", "gateway-1"], nodes.Select(n => n.Name));
        Assert.All(nodes, node => Assert.Equal((NodeState.Running, true), (node.State, node.Readiness.Ok)));
        Assert.All(nodes, node => Assert.True(node.MemoryBytes > 0));
        Assert.Contains("schema: 001-tables", cluster.Notes);

        await cluster.Open().DownAsync(CancellationToken.None);

        Assert.Equal(["gateway-1: stopped", "silo-1: stopped", "silo-2: stopped", "postgres: stopped"], cluster.Notes.TakeLast(4).Order(new ByRole()));
        Assert.Empty(cluster.Processes);
        Assert.All(cluster.File.Nodes, node => Assert.Equal(NodeState.Stopped, node.State()));
        Assert.Equal("drained", File.ReadLines(cluster.Folder.Log("silo-1")).Last());
    }

    [Fact]
    public async Task A_second_up_starts_only_what_is_missing()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);
        var (silo1, silo2, gateway) = (cluster.Pid("silo-1"), cluster.Pid("silo-2"), cluster.Pid("gateway-1"));
        var ports = cluster.File.Node("silo-2").Ports;
        await cluster.Open().KillAsync("silo-2", CancellationToken.None);

        await cluster.UpAsync(silos: 2, gateways: 2);

        Assert.Equal((silo1, gateway), (cluster.Pid("silo-1"), cluster.Pid("gateway-1")));
        Assert.NotEqual(silo2, cluster.Pid("silo-2"));
        Assert.Equal(ports, cluster.File.Node("silo-2").Ports);
        Assert.True((await cluster.StatusAsync("gateway-2")).Readiness.Ok);
        Assert.Contains("schema: already up to date", cluster.Notes);
    }

    [Fact]
    public async Task Up_without_counts_keeps_those_that_run()
    {
        await cluster.UpAsync(silos: 2, gateways: 1);
        await cluster.Open().KillAsync("silo-1", CancellationToken.None);

        await cluster.Open().UpAsync(TestCluster.Plan(null, null), CancellationToken.None);

        Assert.Equal(["postgres", "silo-1", "silo-2", "gateway-1"], cluster.File.Nodes.Where(n => n.IsUp()).Select(n => n.Name));
    }

    [Fact]
    public async Task Nodes_share_the_cluster_and_have_ports_names_and_urls_of_their_own()
    {
        await cluster.UpAsync(silos: 2, gateways: 2, ("TRM__INTERVAL", "0.5"));

        var environments = cluster.File.Nodes.Skip(1).ToDictionary(n => n.Name, n => EnvironmentOf(n.Process!.Pid));
        Assert.All(environments.Values, e => Assert.Equal(("0.5", cluster.File.Connection), (e["TRM__INTERVAL"], e["TRM__CLUSTER__CONNECTION"])));
        Assert.Single(environments.Values.Select(e => (e["TRM__CLUSTER__CLUSTERID"], e["TRM__CLUSTER__SERVICEID"])).Distinct());
        Assert.Equal("silo-2", environments["silo-2"]["TRM__CLUSTER__SILONAME"]);
        Assert.Equal([cluster.File.Node("gateway-1").Urls[0]], [environments["gateway-1"]["TRM__URLS"]]);
        var ports = cluster.File.Nodes.SelectMany(n => n.Ports.Values).ToArray();
        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public async Task A_node_has_a_session_of_its_own_and_nothing_to_do_with_the_terminal_it_was_started_from()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);

        var pid = cluster.Pid("silo-1");
        var stat = await File.ReadAllTextAsync($"/proc/{pid}/stat");
        Assert.Equal($"{pid}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
        Assert.Equal(
            ["/dev/null", cluster.Folder.Log("silo-1"), cluster.Folder.Log("silo-1")],
            Enumerable.Range(0, 3).Select(descriptor => new FileInfo($"/proc/{pid}/fd/{descriptor}").LinkTarget));
    }

    [Fact]
    public async Task A_node_gets_the_settings_of_its_cluster_and_not_those_of_the_shell_that_starts_it()
    {
        const string Stray = "TRM__STRAY_OF_A_TEST";
        Environment.SetEnvironmentVariable(Stray, "1");
        try
        {
            await cluster.UpAsync(silos: 1, gateways: 0);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Stray, null);
        }

        Assert.DoesNotContain(Stray, EnvironmentOf(cluster.Pid("silo-1")).Keys);
    }

    [Fact]
    public async Task A_cluster_that_starts_from_nothing_is_a_new_one_on_the_same_ports_and_one_that_runs_is_not()
    {
        // Whoever has the ports that would be chosen now is gone later; the ports stay.
        using (var other = new TcpListener(IPAddress.Loopback, FreePorts.Start(cluster.Folder.Path)))
        {
            other.Start();
            await cluster.UpAsync(silos: 1, gateways: 1);
        }
        var first = cluster.File;
        await cluster.UpAsync(silos: 2, gateways: 1);
        var grown = cluster.File;
        await cluster.Open().DownAsync(CancellationToken.None);
        await cluster.UpAsync(silos: 1, gateways: 1);
        var second = cluster.File;

        Assert.Equal(first.Environment[ClusterKeys.ClusterId], grown.Environment[ClusterKeys.ClusterId]);
        Assert.NotEqual(first.Environment[ClusterKeys.ClusterId], second.Environment[ClusterKeys.ClusterId]);
        Assert.Equal(first.Environment[ClusterKeys.ServiceId], second.Environment[ClusterKeys.ServiceId]);
        Assert.Equal(first.Node("gateway-1").Ports, second.Node("gateway-1").Ports);
        Assert.Equal(first.Node("silo-1").Ports, second.Node("silo-1").Ports);
    }

    [Fact]
    public async Task A_gateways_port_is_the_first_free_one_from_port_on()
    {
        var taken = new FreePorts([]).Take(null, FreePorts.Start(cluster.Data));
        using var other = new TcpListener(IPAddress.Loopback, taken);
        other.Start();

        await cluster.Open().UpAsync(TestCluster.Plan(0, 1) with { Port = taken }, CancellationToken.None);

        var first = cluster.File.Node("gateway-1").Ports["http"];
        Assert.True(first > taken);
        await cluster.UpAsync(silos: 0, gateways: 2);
        Assert.True(cluster.File.Node("gateway-2").Ports["http"] > first);
        Assert.Equal(first, cluster.File.Node("gateway-1").Ports["http"]);
    }

    [Fact]
    public async Task A_node_that_ends_at_its_start_is_an_error_with_its_last_words_and_nothing_stays_behind()
    {
        cluster.Script("silo", """[ "$TRM__CLUSTER__SILONAME" = silo-2 ] && { echo 'binding …'; echo 'port is taken' >&2; exit 3; }""");

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.UpAsync(silos: 2, gateways: 1));

        Assert.Contains("silo-2 ended", error.Message);
        Assert.Contains(cluster.Folder.Log("silo-2"), error.Message);
        Assert.Contains("    port is taken", cluster.Notes);
        Assert.Empty(cluster.Processes);
        Assert.False(File.Exists(cluster.Folder.File));
    }

    [Fact]
    public async Task A_node_that_is_not_ready_in_time_is_an_error_and_nothing_stays_behind()
    {
        cluster.Script("gateway", "exec sleep 300");

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.Open(ready: TimeSpan.Zero).UpAsync(TestCluster.Plan(0, 1), CancellationToken.None));

        Assert.Equal($"gateway-1 is not ready after 0 s (it does not listen yet); its log is {cluster.Folder.Log("gateway-1")}", error.Message);
        Assert.Empty(cluster.Processes);
    }

    [Fact]
    public async Task An_up_that_fails_leaves_what_ran_before_as_it_was()
    {
        await cluster.UpAsync(silos: 1, gateways: 1);
        var before = await File.ReadAllTextAsync(cluster.Folder.File);
        cluster.Script("silo", "exit 1");

        await Assert.ThrowsAsync<TrmException>(() => cluster.UpAsync(silos: 2, gateways: 2));

        Assert.Equal(before, await File.ReadAllTextAsync(cluster.Folder.File));
        Assert.Equal(cluster.File.Nodes.Select(n => n.Process!.Pid).Order(), cluster.Processes.Order());
    }

    [Fact]
    public async Task An_up_that_is_interrupted_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        await using var interrupt = new CallbackWriter(line =>
        {
            if (line.StartsWith("silo-2: started", StringComparison.Ordinal)) stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Open(tell: interrupt).UpAsync(TestCluster.Plan(2, 1), stop.Token));

        Assert.Empty(cluster.Processes);
        Assert.False(File.Exists(cluster.Folder.File));
    }

    [Fact]
    public async Task Other_settings_than_those_it_runs_with_are_refused_by_name()
    {
        await cluster.UpAsync(silos: 1, gateways: 0, ("TRM__INTERVAL", "1"));

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.UpAsync(silos: 2, gateways: 0, ("TRM__INTERVAL", "2")));

        Assert.Contains("TRM__INTERVAL=1, not 2", error.Message);
        await cluster.UpAsync(silos: 2, gateways: 0);
        Assert.Equal("1", EnvironmentOf(cluster.Pid("silo-2"))["TRM__INTERVAL"]);
    }

    [Fact]
    public async Task A_process_that_got_the_number_of_a_dead_node_is_not_taken_for_it()
    {
        await cluster.UpAsync(silos: 1, gateways: 0);
        await cluster.Open().KillAsync("silo-1", CancellationToken.None);
        var node = cluster.File.Node("silo-1");
        // This very process: were it signalled, no test would end well.
        cluster.File.With(node with { Process = node.Process! with { Pid = Environment.ProcessId } }).Write(cluster.Folder.File);

        Assert.Equal(NodeState.Dead, (await cluster.StatusAsync("silo-1")).State);
        await Assert.ThrowsAsync<TrmException>(() => cluster.Open().KillAsync("silo-1", CancellationToken.None));
        await cluster.UpAsync(silos: 1, gateways: 0);
        Assert.NotEqual(Environment.ProcessId, cluster.Pid("silo-1"));
    }

    [Fact]
    public async Task Only_its_owner_reads_the_file_with_the_password()
    {
        await cluster.UpAsync(silos: 0, gateways: 0);

        Assert.Contains("secret", await File.ReadAllTextAsync(cluster.Folder.File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(cluster.Folder.File).UnixFileMode);
    }

    [Fact]
    public async Task Of_two_commands_that_start_and_stop_the_second_is_refused()
    {
        await cluster.UpAsync(silos: 0, gateways: 0);
        using var turn = cluster.Folder.TakeTurn();

        var error = await Assert.ThrowsAsync<TrmException>(() => cluster.UpAsync(silos: 1, gateways: 0));

        Assert.Equal("cluster_in_use", error.Code);
    }

    private static Dictionary<string, string> EnvironmentOf(int pid) => File.ReadAllText($"/proc/{pid}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2))
        .GroupBy(pair => pair[0])
        .ToDictionary(group => group.Key, group => group.Last()[1]);

    // The silos stop at the same time.
    private sealed class ByRole : IComparer<string>
    {
        public int Compare(string? x, string? y) => Rank(x!) == Rank(y!) ? string.CompareOrdinal(x, y) : 0;

        private static char Rank(string note) => note[0];
    }
}
