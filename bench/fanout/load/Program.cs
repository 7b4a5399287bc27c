using System.CommandLine;
using Trm.Bench.FanOut.Commands;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Scenarios;
using Trm.Core;

// Thousands of WebSocket clients on one core, and a server on the other:
//     dotnet run -c Release --project bench/fanout/load -- throughput
// Exit 0 when everything holds, 1 when something does not or the run failed, 2 for misuse.
if (!OperatingSystem.IsLinux())
{
    Console.Error.WriteLine("fanout: the load generator is made of Linux's own calls (epoll); run it there");
    return 1;
}
var root = new RootCommand("What a gateway gives to many clients, beside what other servers do.");
foreach (var command in Verbs.Create(Run)) root.Subcommands.Add(command);
return root.Parse(args.Length == 0 ? ["--help"] : args).Invoke();

static int Run(IReadOnlyList<IScenario> scenarios, bool json, CancellationToken cancellation)
{
    try
    {
        Cores.TakeLoadCore();
        var context = new BenchContext(TimeProvider.System, Console.Error, cancellation);
        if (!Cores.CanSeparate) context.Say($"fanout: one core, or no taskset: server and load share what there is");
        var reports = new List<IReport>();
        foreach (var scenario in scenarios)
        {
            var report = scenario.Run(context);
            reports.Add(report);
            if (!json) ReportOutput.Write(report, Console.Out);
        }
        if (json) ReportOutput.WriteJson(reports, Console.Out);
        return reports.TrueForAll(r => r.Checks.All(c => c.Holds)) ? 0 : 1;
    }
    catch (Exception error) when (error is TrmException or IOException or UnauthorizedAccessException or OperationCanceledException)
    {
        Console.Error.WriteLine($"fanout: {error.Message}");
        return 1;
    }
}
