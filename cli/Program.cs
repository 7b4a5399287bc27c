using System.CommandLine;
using System.CommandLine.Parsing;
using Trm.Cli.Commands;

namespace Trm.Cli;

internal static class Program
{
    public static Task<int> Main(string[] args) => RunAsync(args);

    /// <summary>Runs one command line. Exit 0 done, 1 failed, 2 misuse; an error is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Market data in, a live stream of strategy predictions out.")
        {
            ServeCommand.Create(),
            StreamCommand.Create(),
            PredictCommand.Create(),
            IngestCommand.Create(),
            FeaturesCommand.Create(),
            HistoryCommand.Create(),
            LogCommand.Create(),
            BacktestCommand.Create(),
            ModelCommand.Create(),
            KeysCommand.Create(),
            HealthCommand.Create(),
            ClusterCommand.Create(),
            DoctorCommand.Create(),
            TopCommand.Create(),
            BenchCommand.Create(),
        };
        var line = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (line.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"trm: {string.Join(" ", line.Errors.Select(e => e.Message))} (see 'trm {Verb(line.CommandResult)}--help')").ConfigureAwait(false);
            return CommandRunner.Misuse;
        }
        return await line.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        }).ConfigureAwait(false);
    }

    private static string Verb(CommandResult? result) =>
        result is null or { Command: RootCommand } ? "" : $"{Verb(result.Parent as CommandResult)}{result.Command.Name} ";
}
