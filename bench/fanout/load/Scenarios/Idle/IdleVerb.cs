using System.CommandLine;
using Trm.Bench.FanOut.Commands;

namespace Trm.Bench.FanOut.Scenarios.Idle;

internal static class IdleVerb
{
    public static Verb Create()
    {
        var clients = Options.Count("--clients", "Connections", 15_000);
        var broadcasts = Options.Count("--broadcasts", "Predictions to all of them, one a second", 20);
        return new Verb(
            new Command("idle", "Memory of a connection that waits, and the age of a prediction when it reaches the last of them.") { clients, broadcasts },
            line => new IdleScenario(line.Read(clients, 1, 50_000), line.Read(broadcasts, 1, 10_000)));
    }
}
