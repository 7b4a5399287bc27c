using System.CommandLine;
using Trm.Bench.Chaos;
using Trm.Bench.Chaos.Cluster;
using Trm.Bench.Chaos.Faults;
using Trm.Bench.Chaos.Reports;
using Trm.Core;

// Loads a cluster, kills its processes in turn, and says whether anything was lost or came twice:
//     dotnet run -c Release --project bench/chaos -- --markets 100 --rate 2 --clients 200 --duration 180 --kill-every 20
// Exit 0 when everything holds, 1 when something does not or the run failed, 2 for misuse.
var markets = new Option<int>("--markets") { Description = "Simulated markets", DefaultValueFactory = _ => 100 };
var rate = new Option<double>("--rate") { Description = "Predictions a second of each market", DefaultValueFactory = _ => 2 };
var silos = new Option<int>("--silos") { Description = "Silos", DefaultValueFactory = _ => 3 };
var gateways = new Option<int>("--gateways") { Description = "Gateways", DefaultValueFactory = _ => 2 };
var clients = new Option<int>("--clients") { Description = "WebSocket clients", DefaultValueFactory = _ => 200 };
var marketsPerClient = new Option<int?>("--markets-per-client") { Description = "Markets that each client has; default all of them" };
var warmUp = new Option<double>("--warm-up") { Description = "Seconds before measuring", DefaultValueFactory = _ => 10 };
var duration = new Option<double>("--duration") { Description = "Seconds measured", DefaultValueFactory = _ => 180 };
var killEvery = new Option<double>("--kill-every") { Description = "Seconds from one fault to the next", DefaultValueFactory = _ => 20 };
var restartAfter = new Option<double>("--restart-after") { Description = "Seconds that a killed silo or gateway stays away; PostgreSQL is started at once", DefaultValueFactory = _ => 3 };
var faults = new Option<string>("--faults")
{
    Description = "In turn, and from the start again: silo, gateway, postgres (SIGKILL), freeze (a silo, 20 s), rolling (all silos), or none",
    DefaultValueFactory = _ => "silo,gateway,silo,postgres,silo,silo,gateway,silo",
};
var data = new Option<string?>("--data") { Description = "The cluster's data folder; default a temporary one" };
var keep = new Option<bool>("--keep") { Description = "Leave the cluster running and its folder where it is" };
var port = new Option<int?>("--port") { Description = "The first gateway's port" };
var trm = new Option<string?>("--trm") { Description = "The launcher; default the one of this checkout" };
var json = new Option<string?>("--json") { Description = "Write the report to this file as well" };
var up = new Argument<string[]>("up") { Description = "After --: more arguments of 'trm cluster up', such as --streams adonet", Arity = ArgumentArity.ZeroOrMore };

var command = new RootCommand("Kills a cluster's processes under load, and judges by the log and by what each client received.")
{
    markets, rate, silos, gateways, clients, marketsPerClient, warmUp, duration, killEvery, restartAfter, faults, data, keep, port, trm, json, up,
};
command.SetAction(async (line, cancellation) =>
{
    try
    {
        var plan = new ChaosPlan
        {
            Markets = line.GetValue(markets),
            Rate = line.GetValue(rate),
            Silos = line.GetValue(silos),
            Gateways = line.GetValue(gateways),
            Clients = line.GetValue(clients),
            MarketsPerClient = line.GetValue(marketsPerClient) ?? line.GetValue(markets),
            WarmUp = TimeSpan.FromSeconds(line.GetValue(warmUp)),
            Duration = TimeSpan.FromSeconds(line.GetValue(duration)),
            KillEvery = TimeSpan.FromSeconds(line.GetValue(killEvery)),
            RestartAfter = TimeSpan.FromSeconds(line.GetValue(restartAfter)),
            Faults = FaultList.Parse(line.GetValue(faults)!),
            Data = line.GetValue(data),
            Keep = line.GetValue(keep),
            Port = line.GetValue(port),
            UpArguments = line.GetValue(up) ?? [],
        };
        if (plan.Fault() is { } fault) throw new FormatException(fault);
        var report = await ChaosSession.RunAsync(plan, line.GetValue(trm) ?? TrmCommand.FindLauncher(), Console.Error, TimeProvider.System, cancellation).ConfigureAwait(false);
        ReportText.Write(report, Console.Out);
        if (line.GetValue(json) is { } file) ReportJson.Write(report, file);
        return report.Problems().Any() ? 1 : 0;
    }
    catch (Exception error) when (error is FormatException or TrmException or IOException or UnauthorizedAccessException or OperationCanceledException)
    {
        Console.Error.WriteLine($"chaos: {error.Message}");
        return error is FormatException ? 2 : 1;
    }
});
return await command.Parse(args).InvokeAsync().ConfigureAwait(false);
