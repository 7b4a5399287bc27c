using System.CommandLine;
using Trm.Bench.FanOut.Scenarios;
using Trm.Bench.FanOut.Scenarios.Idle;
using Trm.Bench.FanOut.Scenarios.Reconnect;
using Trm.Bench.FanOut.Scenarios.Soak;
using Trm.Bench.FanOut.Scenarios.Stalled;
using Trm.Bench.FanOut.Scenarios.Throughput;

namespace Trm.Bench.FanOut.Commands;

/// <summary>A verb for each scenario, and one for all.</summary>
internal static class Verbs
{
    private const int Misuse = 2;

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for machines" };

    /// <param name="run">Runs scenarios, prints JSON or text, and returns the exit code.</param>
    public static IEnumerable<Command> Create(Func<IReadOnlyList<IScenario>, bool, CancellationToken, int> run)
    {
        Verb[] verbs = [ThroughputVerb.Create(), IdleVerb.Create(), StalledVerb.Create(), ReconnectVerb.Create(), SoakVerb.Create()];
        var all = new Command("all", "Everything, each with its defaults; the soak for one minute.");
        return [.. verbs.Select(verb => Complete(verb.Command, line => [verb.Read(line)], run)), Complete(all, _ => [.. verbs.Select(v => v.Default)], run)];
    }

    private static Command Complete(Command command, Func<ParseResult, IReadOnlyList<IScenario>> scenarios, Func<IReadOnlyList<IScenario>, bool, CancellationToken, int> run)
    {
        command.Options.Add(Json);
        command.SetAction((line, cancellation) =>
        {
            try
            {
                // The loop has a thread of its own, and this one is left to hear of Ctrl-C.
                var asked = scenarios(line);
                return Task.Factory.StartNew(() => run(asked, line.GetValue(Json), cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (FormatException error)
            {
                Console.Error.WriteLine($"fanout: {error.Message}");
                return Task.FromResult(Misuse);
            }
        });
        return command;
    }
}
