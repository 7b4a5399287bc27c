using Trm.Cli.Cluster;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Cluster;

public sealed class NodeLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_last_lines_are_those_of_this_run()
    {
        var log = folder["silo-1.log"];
        File.WriteAllText(log, "of the run before\n");
        var from = NodeLog.End(log);
        File.AppendAllText(log, string.Concat(Enumerable.Range(1, 5_000).Select(n => $"line {n} of this run\n")));

        Assert.Equal([.. Enumerable.Range(4_989, 12).Select(n => $"line {n} of this run")], NodeLog.Tail(log, from));
        Assert.Empty(NodeLog.Tail(log, NodeLog.End(log)));
        Assert.Empty(NodeLog.Tail(folder["absent.log"], 0));
    }

    [Fact]
    public void A_log_that_was_cut_meanwhile_has_no_last_lines()
    {
        File.WriteAllText(folder["cut.log"], "x\n");

        Assert.Empty(NodeLog.Tail(folder["cut.log"], 1_000));
    }
}
