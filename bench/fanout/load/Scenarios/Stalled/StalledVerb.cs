using System.CommandLine;
using Trm.Bench.FanOut.Commands;

namespace Trm.Bench.FanOut.Scenarios.Stalled;

internal static class StalledVerb
{
    public static Verb Create()
    {
        var clients = Options.Count("--clients", "Well-behaved clients", 5_000);
        var stalled = Options.Text("--stalled", "How many read nothing, phase by phase; 0 is what the others are held against", "0,1,500", "n,n");
        var rate = Options.Number("--rate", "Predictions a second", 4);
        var duration = Options.Number("--duration", "Seconds of a phase", 30, "seconds");
        var rounds = Options.Count("--rounds", "Rounds of all phases", 2);
        return new Verb(
            new Command("stalled", "Clients that read nothing beside others: what those notice, and how the stalled end.") { clients, stalled, rate, duration, rounds },
            line => new StalledScenario(
                line.Read(clients, 1, 50_000),
                line.ReadList(stalled, 0, 50_000) is var phases && phases.Contains(0) ? phases : throw new FormatException($"--stalled {line.GetValue(stalled)} lacks 0, which the others are held against"),
                line.Read(rate, 1_000),
                line.ReadSeconds(duration),
                line.Read(rounds, 1, 100)));
    }
}
