using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Throughput;

/// <summary>Messages a second of each server in the same closed loop, in rounds that take turns.</summary>
/// <param name="Servers">In the order of the report.</param>
/// <param name="Clients">Numbers of clients.</param>
/// <param name="Rounds">Of each server and number of clients.</param>
/// <param name="WarmUp">Before measuring: a runtime that compiles while it runs has done so.</param>
/// <param name="Duration">What is measured.</param>
/// <param name="Ahead">Broadcasts on their way at once: with 1 each message of each client is a send of its own.</param>
internal sealed record ThroughputScenario(
    IReadOnlyList<Contestant> Servers, IReadOnlyList<int> Clients, int Rounds, TimeSpan WarmUp, TimeSpan Duration, int Ahead) : IScenario
{
    public IReport Run(BenchContext context)
    {
        var turns = new List<ThroughputTurn>();
        var absent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var clients in Clients)
        {
            for (var round = 1; round <= Rounds; round++)
            {
                // Each in its turn first: none always comes after the same one.
                foreach (var server in Servers.Skip(round % Servers.Count).Concat(Servers.Take(round % Servers.Count)))
                {
                    if (absent.ContainsKey(server.Name)) continue;
                    try
                    {
                        turns.Add(Measure(context, server, clients, round));
                    }
                    catch (ServerException error) when (server.Name != Lineup.Gateway)
                    {
                        absent[server.Name] = error.Message;
                        context.Say($"{server.Name}: left out: {error.Message}");
                    }
                }
            }
        }
        return new ThroughputReport(this, turns, absent);
    }

    private ThroughputTurn Measure(BenchContext context, Contestant server, int clients, int round)
    {
        using var session = context.Open(server);
        var turn = new ThroughputMeasurement(session, server, this, context.Time).Run(clients);
        context.Say($"{clients} clients, round {round}: {server.Name} {turn.MessagesPerSecond:0} messages/s, p99 {turn.P99.TotalMilliseconds:0.0} ms, cores: server {turn.ServerCpu:0.00}, load {turn.LoadCpu:0.00}{(turn.Problem is null ? "" : $"; {turn.Problem}")}");
        return turn;
    }
}
