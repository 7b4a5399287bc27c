using System.CommandLine;
using Trm.Cli.Commands;
using Trm.Cli.Settings;
using Trm.Storage.Postgres;

namespace Trm.Cli.Benchmarks.Log;

/// <summary><c>trm bench log</c>: the prediction log in PostgreSQL at full size, through the same class as the service's.</summary>
internal static class LogBench
{
    private static readonly Option<string> Connection = new("--connection") { Description = "A PostgreSQL database to fill; default a private server in a temporary folder", HelpName = "string" };
    private static readonly Option<long> Rows = new("--rows") { Description = "Predictions in the log before measuring; default 10000000", HelpName = "n", DefaultValueFactory = _ => 10_000_000 };
    private static readonly Option<int> Markets = new("--markets") { Description = "Markets that share them; default 100", HelpName = "n", DefaultValueFactory = _ => 100 };
    private static readonly Option<double> Rate = new("--rate") { Description = "Appends a second, all markets together; default 200", HelpName = "n", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds of appending; default 30", HelpName = "seconds", DefaultValueFactory = _ => 30 };

    public static Command Create() => CommandRunner.Create(
        "log",
        "Fill a prediction log in PostgreSQL and measure it: appends at a rate, the latest, pages, and the index use of each.",
        [],
        [Connection, Rows, Markets, Rate, Seconds, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var line = context.Line;
        var plan = new LogPlan(line.GetValue(Rows), line.GetValue(Markets), line.GetValue(Rate), line.GetValue(Seconds));
        plan.Validate();
        if (line.GetValue(Connection) is { } connection)
        {
            await MeasureAsync(connection, plan, context).ConfigureAwait(false);
            return CommandRunner.Done;
        }

        var folder = Directory.CreateTempSubdirectory("trm-bench-log-").FullName;
        try
        {
            var server = await PrivatePostgres.StartAsync(folder, cancellation: context.Cancellation).ConfigureAwait(false);
            await using var _ = server.ConfigureAwait(false);
            await MeasureAsync(server.ConnectionString, plan, context).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return CommandRunner.Done;
    }

    private static async Task MeasureAsync(string connection, LogPlan plan, CommandContext context)
    {
        await PostgresSchema.ApplyAsync(connection, context.Cancellation).ConfigureAwait(false);
        var log = await PostgresPredictionLog.OpenAsync(connection, CommandContext.Time, context.Cancellation).ConfigureAwait(false);
        await using var _ = log.ConfigureAwait(false);
        var filled = await new LogFill(connection, plan, CommandContext.Time).RunAsync(log, context.Cancellation).ConfigureAwait(false);
        var measured = await new LogMeasurement(log, plan, CommandContext.Time).RunAsync(context.Cancellation).ConfigureAwait(false);
        LogReport.Write(context.Json, plan, filled, measured);
    }
}
