using System.CommandLine;
using Trm.Bench.FanOut.Commands;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Throughput;

internal static class ThroughputVerb
{
    public static Verb Create()
    {
        var servers = Options.Text("--servers", "Which, in the order of the report", Lineup.AllNames, "names");
        var clients = Options.Text("--clients", "Numbers of clients, separated by commas", "500,5000", "n,n");
        var rounds = Options.Count("--rounds", "Rounds, of which the medians are reported", 3);
        var warmUp = Options.Number("--warm-up", "Seconds before measuring", 4, "seconds");
        var duration = Options.Number("--duration", "Seconds measured", 5, "seconds");
        var ahead = Options.Count("--ahead", "Broadcasts on their way at once: from 2 on a server may put several messages of a client into one send", 1);
        var python = Options.Text("--python", "The Python that has FastAPI", "/usr/bin/python3", "file");
        return new Verb(
            new Command("throughput", "Messages a second in a closed loop, beside Node ws, SignalR, FastAPI and a raw loop in C.") { servers, clients, rounds, warmUp, duration, ahead, python },
            line => new ThroughputScenario(
                new Lineup(line.GetValue(python)!).Select(line.GetValue(servers)!),
                line.ReadList(clients, 1, 50_000),
                line.Read(rounds, 1, 100),
                line.ReadSeconds(warmUp),
                line.ReadSeconds(duration),
                line.Read(ahead, 1, 64)));
    }
}
