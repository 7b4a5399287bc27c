using System.CommandLine;
using Trm.Cli.Cluster;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Hosting;
using Trm.Storage.Postgres;

namespace Trm.Cli.Commands;

/// <summary><c>trm cluster …</c>: the Orleans cluster, all of it on this machine, or its tables in a database elsewhere.</summary>
internal static class ClusterCommand
{
    private static readonly Option<int?> Silos = new("--silos") { Description = $"How many silos, 0 to {UpPlan.MostNodes}; default {UpPlan.DefaultSilos}, or as many as there are", HelpName = "n" };
    private static readonly Option<int?> Gateways = new("--gateways") { Description = $"How many gateways, 0 to {UpPlan.MostNodes}; default {UpPlan.DefaultGateways}, or as many as there are", HelpName = "n" };
    private static readonly Option<int?> Port = new("--port") { Description = $"The first gateway's port, the others' follow; default {UpPlan.DefaultPort}", HelpName = "port" };
    private static readonly Option<double?> Timeout = new("--timeout") { Description = $"Seconds to wait for a node; default {ClusterLimits.Default.Ready.TotalSeconds:0} until it is ready, {ClusterLimits.Default.Stop.TotalSeconds:0} until it has stopped", HelpName = "seconds" };
    private static readonly Argument<string> Name = new("name") { Description = "silo-1, gateway-1 … or postgres" };
    private static readonly Argument<string?> OptionalName = new("name") { Description = "silo-1, gateway-1 … or postgres; default all silos and gateways, one after the other", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create() => new("cluster", "Run the Orleans cluster on this machine: PostgreSQL, silos, gateways.")
    {
        CommandRunner.Create(
            "init", "Bring a PostgreSQL database's tables up to date: that of --connection, or of the cluster that 'up' made. Idempotent.",
            [SettingOptions.Data, SettingOptions.ClusterConnection], [], InitAsync),
        CommandRunner.Create(
            "up", "Start what is missing of a cluster; it goes on when this command ends.",
            [
                SettingOptions.Data, SettingOptions.ClusterStreams, SettingOptions.Source, SettingOptions.From, SettingOptions.To, SettingOptions.Interval,
                SettingOptions.Seed, SettingOptions.Market, SettingOptions.Markets, .. SettingOptions.OfModel, SettingOptions.Precision, SettingOptions.Threads,
            ],
            [Silos, Gateways, Port, Timeout], UpAsync),
        CommandRunner.Create("status", "How each node is.", [SettingOptions.Data], [SettingOptions.Json], StatusAsync),
        OfNode("start", "Start a node as it was before.", [Name, Timeout], (cluster, name, stop) => cluster.StartAsync(name!, stop)),
        OfNode("stop", "Let a node finish what it does, and end.", [Name, Timeout], (cluster, name, stop) => cluster.StopAsync(name!, stop)),
        OfNode("restart", "Stop and start a node, or all silos and gateways one after the other.", [OptionalName, Timeout], (cluster, name, stop) => cluster.RestartAsync(name, stop)),
        OfNode("kill", "End a node on the spot (SIGKILL).", [Name], (cluster, name, stop) => cluster.KillAsync(name!, stop)),
        OfNode("pause", "Freeze a node (SIGSTOP).", [Name], (cluster, name, stop) => cluster.PauseAsync(name!, stop)),
        OfNode("resume", "Let a frozen node go on (SIGCONT).", [Name], (cluster, name, stop) => cluster.ResumeAsync(name!, stop)),
        OfNode("down", "Stop gateways, silos and PostgreSQL. What is stored stays.", [Timeout], (cluster, _, stop) => cluster.DownAsync(stop)),
    };

    private static async Task<int> InitAsync(CommandContext context)
    {
        var said = context.Configuration[SettingOptions.ClusterConnection.Key]
            ?? ClusterFile.TryRead(new ClusterFolder(context.Settings.Data).File)?.Connection
            ?? throw new UsageException("--connection is needed: Host=db;Username=trm;Password=…;Database=trm (or TRM__CLUSTER__CONNECTION, which no process list shows)");
        var report = await PostgresSchema.ApplyAsync(PostgresConnection.Parse(said), context.Cancellation).ConfigureAwait(false);
        foreach (var step in report.Applied) await Console.Out.WriteLineAsync($"applied {step}").ConfigureAwait(false);
        if (report.Applied.Count == 0) await Console.Out.WriteLineAsync($"already up to date (version {report.Version})").ConfigureAwait(false);
        return CommandRunner.Done;
    }

    private static async Task<int> UpAsync(CommandContext context)
    {
        var plan = new UpPlan
        {
            Silos = Between(context.Line.GetValue(Silos), "--silos", 0, UpPlan.MostNodes),
            Gateways = Between(context.Line.GetValue(Gateways), "--gateways", 0, UpPlan.MostNodes),
            Port = Between(context.Line.GetValue(Port), "--port", 1, 65_535),
            Settings = NodeSettings.Read(context.Configuration),
        };
        if (context.Configuration[SettingOptions.ClusterStreams.Key] is { } streams and not ("memory" or "adonet"))
            throw new UsageException($"--streams {streams} is not known; use memory or adonet");
        Composition.RequireMarkets(context.Settings);

        using var probe = new HealthProbe();
        var cluster = Open(context, probe);
        await cluster.UpAsync(plan, context.Cancellation).ConfigureAwait(false);
        NodeTable.Write(await cluster.StatusAsync(context.Cancellation).ConfigureAwait(false));
        return CommandRunner.Done;
    }

    private static async Task<int> StatusAsync(CommandContext context)
    {
        using var probe = new HealthProbe();
        var nodes = await Open(context, probe).StatusAsync(context.Cancellation).ConfigureAwait(false);
        if (context.Json) foreach (var node in nodes) NodeTable.WriteJson(node);
        else NodeTable.Write(nodes);
        return CommandRunner.Done;
    }

    private static Command OfNode(string verb, string description, Symbol[] others, Func<LocalCluster, string?, CancellationToken, Task> run) =>
        CommandRunner.Create(verb, description, [SettingOptions.Data], others, async context =>
        {
            using var probe = new HealthProbe();
            var name = others.OfType<Argument>().Any() ? context.Line.GetValue<string?>("name") : null;
            await run(Open(context, probe), name, context.Cancellation).ConfigureAwait(false);
            return CommandRunner.Done;
        });

    /// <summary>The cluster in the data folder, whether it is there or not.</summary>
    /// <exception cref="TrmException">It cannot be, here.</exception>
    internal static LocalCluster Open(CommandContext context, HealthProbe probe)
    {
        if (!OperatingSystem.IsLinux())
            throw new TrmException("not_supported", "'trm cluster' runs processes on Linux only (init works everywhere); here use 'trm serve', or start Trm.Silo and Trm.Gateway.Host yourself");
        if (PostgresConnection.TryParse(context.Settings.Data) is not null)
            throw new UsageException("--data names a database, and a cluster on this machine has one of its own in a folder; name the folder");
        return new LocalCluster(
            new ClusterFolder(context.Settings.Data), new LocalPostgres(CommandContext.Time), new NodePrograms(AppContext.BaseDirectory, Environment.GetEnvironmentVariable),
            probe, Limits(context.Line), Console.Error, CommandContext.Time);
    }

    // A verb that waits for nothing has no such option.
    private static ClusterLimits Limits(ParseResult line) => (line.GetResult(Timeout) is null ? null : line.GetValue(Timeout)) switch
    {
        null => ClusterLimits.Default,
        > 0 and <= 86_400 and { } seconds => new ClusterLimits(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds)),
        { } seconds => throw new UsageException($"--timeout {seconds} is not above 0 and at most 86400 seconds"),
    };

    private static int? Between(int? value, string option, int least, int most) => value is null || (value >= least && value <= most)
        ? value
        : throw new UsageException($"{option} {value} is not between {least} and {most}");
}
