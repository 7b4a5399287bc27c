using Trm.Cli.Cluster;
using Trm.Cli.Tests.Cluster.Support;
using Trm.Tests.Postgres;

namespace Trm.Cli.Tests.Cluster;

[Collection(ClusterTests.OneByOne)]
public sealed class LocalPostgresTests : IDisposable
{
    private readonly TestCluster cluster = new();
    private readonly LocalPostgres postgres = new(TimeProvider.System);

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_killed_server_starts_again_although_nobody_took_note_of_its_end()
    {
        PostgresServer.SkipUnlessInstalled();
        var killed = await StartAndKillAsync();
        var lockFile = Path.Combine(cluster.Folder.Postgres, "data", "postmaster.pid");
        var uncollected = await UncollectedAsync();
        await File.WriteAllLinesAsync(lockFile, [$"{uncollected}", .. (await File.ReadAllLinesAsync(lockFile)).Skip(1)]);

        var server = await postgres.StartAsync(cluster.Folder.Postgres, CancellationToken.None);

        Assert.Equal((killed.Connection, killed.Port), (server.Connection, server.Port));
        Assert.True((await postgres.CheckAsync(server.Connection, CancellationToken.None)).Ok);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_ready_and_says_why()
    {
        PostgresServer.SkipUnlessInstalled();
        var killed = await StartAndKillAsync();

        var readiness = await postgres.CheckAsync(killed.Connection, CancellationToken.None);

        Assert.False(readiness.Ok);
        Assert.NotEmpty(readiness.Why!);
        Assert.Null(await postgres.FindAsync(cluster.Folder.Postgres, CancellationToken.None));
    }

    private async Task<DatabaseInstance> StartAndKillAsync()
    {
        var server = await postgres.StartAsync(cluster.Folder.Postgres, CancellationToken.None);
        NodeProcess.SignalTree(server.Process, NodeSignal.Kill);
        Assert.True(await BecomesDeadAsync(server.Process));
        return server;
    }

    // A process that has ended, and whose parent never asks: the shell's child becomes that of sleep.
    private async Task<int> UncollectedAsync()
    {
        Directory.CreateDirectory(cluster.Folder.Path);
        // Of the user that the server runs as, for another's processes are not asked after.
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "postgres", "--clear-groups"] : [];
        var parent = NodeLauncher.Start(new NodeProgram([.. user, "sh", "-c", "sleep 300 & exec sleep 300"]), [], cluster.Folder.Path, cluster.Folder.Log("parent"))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        IReadOnlyList<int> children;
        while ((children = ProcessTable.Descendants(parent.Pid)).Count != 1 || !(await File.ReadAllTextAsync($"/proc/{parent.Pid}/comm")).StartsWith("sleep", StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        var child = ProcessTable.Identify(children[0])!;
        NodeProcess.Signal(child, NodeSignal.Kill);
        Assert.True(await BecomesDeadAsync(child));
        Assert.True(ProcessTable.IsUncollected(child.Pid));
        return child.Pid;
    }

    private static Task<bool> BecomesDeadAsync(ProcessIdentity process) =>
        NodeProcess.EndsWithinAsync(process, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
}
