using System.Text.Json;
using Trm.Cli.Cluster;
using Trm.Cli.Tests.Cluster.Support;
using Trm.Cli.Tests.Support;
using Trm.Tests.Postgres;

namespace Trm.Cli.Tests.Cluster;

/// <summary>The real program with a real PostgreSQL; the silos and gateways are stand-ins.</summary>
[Collection(ClusterTests.OneByOne)]
public sealed class ClusterCommandTests(PostgresServer server) : IDisposable
{
    private readonly TestCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_cluster_goes_on_when_the_command_ends_bears_the_death_of_its_database_and_goes_down_whole()
    {
        PostgresServer.SkipUnlessInstalled();

        await RunAsync("up", "--silos", "2", "--gateways", "1");
        Assert.Equal(["postgres", "silo-1", "silo-2", "gateway-1"], (await StatusAsync()).Where(n => n.Ready).Select(n => n.Name));

        await RunAsync("kill", "postgres");
        await RunAsync("kill", "silo-2");
        Assert.Equal(["silo-1", "gateway-1"], (await StatusAsync()).Where(n => n.Ready).Select(n => n.Name));

        Assert.Contains("schema: already up to date", (await RunAsync("up")).Errors);
        Assert.StartsWith("already up to date", (await RunAsync("init")).Output, StringComparison.Ordinal);
        Assert.All(await StatusAsync(), node => Assert.True(node.Ready));

        await RunAsync("pause", "postgres");
        Assert.Equal("frozen", (await StatusAsync())[0].State);
        await RunAsync("resume", "postgres");
        await RunAsync("restart", "postgres");
        Assert.Equal(("running", true), ((await StatusAsync())[0].State, (await StatusAsync())[0].Ready));

        await RunAsync("down");
        Assert.Empty(cluster.Processes);
    }

    [Fact]
    public async Task Bars_go_into_the_clusters_database_and_its_log_is_read_from_there()
    {
        PostgresServer.SkipUnlessInstalled();
        await RunAsync("up", "--silos", "0", "--gateways", "0");
        var bars = SyntheticBars.Write(Path.Combine(cluster.Data, "bars.csv"), 120);

        var imported = await TrmProcess.RunAsync(cluster.Data, ["ingest", bars, "--cluster", "--data", cluster.Data]);
        var again = await TrmProcess.RunAsync(cluster.Data, ["ingest", bars, "--data", cluster.File.Connection]);
        var features = await TrmProcess.RunAsync(cluster.Data, ["features", "--cluster", "--data", cluster.Data]);
        var history = await TrmProcess.RunAsync(cluster.Data, ["history", "--cluster", "--data", cluster.Data]);

        Assert.Contains("bars.csv: 1920 new", imported.Output);
        Assert.Contains("bars.csv: 0 new, 0 changed, 1920 unchanged", again.Output);
        Assert.StartsWith("date,vix,", features.Output, StringComparison.Ordinal);
        Assert.True(features.Output.Split('\n').Length > 20);
        Assert.Contains("The log of us-equities in PostgreSQL at 127.0.0.1", history.Errors);
        Assert.False(File.Exists(Path.Combine(cluster.Data, "bars.db")));
    }

    [Fact]
    public async Task Init_applies_the_schema_once()
    {
        var database = await server.CreateDatabaseAsync(schema: false);

        var first = await TrmProcess.RunAsync(cluster.Data, ["cluster", "init", "--connection", database]);
        var second = await TrmProcess.RunAsync(cluster.Data, [("TRM__CLUSTER__CONNECTION", database)], "cluster", "init");

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Contains("applied 001-", first.Output);
        Assert.StartsWith("already up to date", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_its_programs_is_one_line_and_nothing_is_started()
    {
        var run = await TrmProcess.RunAsync(cluster.Data, [("TRM_SILO", "/nowhere/Trm.Silo.dll")], "cluster", "up", "--data", cluster.Data);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("TRM_SILO names /nowhere/Trm.Silo.dll", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Empty(cluster.Processes);
        Assert.False(Directory.Exists(cluster.Folder.Postgres));
    }

    private async Task<(string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await TrmProcess.RunAsync(
            cluster.Data, [("TRM_SILO", cluster.ScriptPath("silo")), ("TRM_GATEWAY_HOST", cluster.ScriptPath("gateway"))], ["cluster", .. arguments, "--data", cluster.Data]);
        Assert.True(code == 0, $"trm cluster {string.Join(' ', arguments)}: {errors}");
        return (output, errors);
    }

    private async Task<IReadOnlyList<(string Name, string State, bool Ready)>> StatusAsync() =>
        [.. (await RunAsync("status", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Select(node => (node.GetProperty("name").GetString()!, node.GetProperty("state").GetString()!, node.GetProperty("ready").GetBoolean()))];
}
