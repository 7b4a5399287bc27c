using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Throughput;

/// <summary>How many times a peer's messages a second the gateway is to reach.</summary>
internal readonly record struct Requirement(string Peer, double Factor)
{
    public static IReadOnlyList<Requirement> All { get; } =
        [new(Lineup.NodeWs, 1.0), new(Lineup.FastApi, 3), new(Lineup.SignalR, 1.2), new(Lineup.RawLoop, 0.75)];

    public bool IsMet(double gateway, double peer) => gateway >= Factor * peer;
}
