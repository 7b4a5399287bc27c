using System.CommandLine;
using Trm.Bench.FanOut.Commands;

namespace Trm.Bench.FanOut.Scenarios.Soak;

internal static class SoakVerb
{
    public static Verb Create()
    {
        var clients = Options.Count("--clients", "Well-behaved clients", 200);
        var rabble = Options.Count("--rabble", "Clients that do anything, at once", 500);
        var actions = Options.Count("--actions", "Things that they do, a second", 200);
        var rate = Options.Number("--rate", "Predictions a second", 20);
        var minutes = Options.Number("--minutes", "How long", 1, "minutes");
        var seed = Options.Count("--seed", "What they do", 1);
        return new Verb(
            new Command("soak", "Random connects, disconnects and garbage beside well-behaved clients: afterwards all is as before.") { clients, rabble, actions, rate, minutes, seed },
            line => new SoakScenario(
                line.Read(clients, 1, 20_000),
                line.Read(rabble, 1, 20_000),
                line.Read(actions, 1, 10_000),
                line.Read(rate, 1_000),
                TimeSpan.FromMinutes(line.Read(minutes, 24 * 60)),
                line.GetValue(seed)));
    }
}
