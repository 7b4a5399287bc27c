using Trm.Bench.Chaos.Cluster;
using Trm.Bench.Chaos.Reports;

namespace Trm.Bench.Chaos;

/// <summary>A cluster for one run: up before it, down after it.</summary>
internal static class ChaosSession
{
    public static async Task<ChaosReport> RunAsync(ChaosPlan plan, string launcher, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        var data = plan.Data ?? CreateFolder();
        var cluster = new LocalCluster(new TrmCommand(launcher, data), launcher, data);
        ChaosReport? report = null;
        output.WriteLine($"starting {plan.Silos} silos and {plan.Gateways} gateways in {data}");
        try
        {
            await cluster.UpAsync(plan, cancellation).ConfigureAwait(false);
            return report = await new ChaosRun(plan, cluster, output, time).RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (!plan.Keep) await EndAsync(cluster, report, plan.Data is null ? data : null, output).ConfigureAwait(false);
        }
    }

    // PostgreSQL, which may run as another user, has to find its own folder below.
    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("trm-chaos-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    // A run that found something leaves its logs.
    private static async Task EndAsync(LocalCluster cluster, ChaosReport? report, string? temporary, TextWriter output)
    {
        await cluster.DownAsync().ConfigureAwait(false);
        if (temporary is null) return;
        if (report is not null && !report.Problems().Any()) Directory.Delete(temporary, recursive: true);
        else output.WriteLine($"the nodes' logs are in {Path.Combine(temporary, "cluster", "logs")}");
    }
}
