using System.CommandLine;
using Trm.Bench.FanOut.Commands;

namespace Trm.Bench.FanOut.Scenarios.Reconnect;

internal static class ReconnectVerb
{
    /// <summary>With what is published besides, within the gateway's limit of a resume.</summary>
    private const int MostMissed = 4_900;

    public static Verb Create()
    {
        var clients = Options.Count("--clients", "Clients", 5_000);
        var missed = Options.Count("--missed", "Predictions published while they are away", 200);
        var rate = Options.Number("--rate", "Predictions a second besides", 2);
        return new Verb(
            new Command("reconnect", "Everyone killed at once, and back at once with the place where it stopped.") { clients, missed, rate },
            line => new ReconnectScenario(line.Read(clients, 1, 50_000), line.Read(missed, 1, MostMissed), line.Read(rate, 1_000)));
    }
}
