using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Idle;

/// <summary>Many dashboards that wait: what each costs the gateway, and how soon a prediction is with the last of them.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Broadcasts">Predictions that all of them get, one a second.</param>
internal sealed record IdleScenario(int Clients, int Broadcasts) : IScenario
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(20);

    public IReport Run(BenchContext context)
    {
        var dialect = Dialect.TrmLatest;
        using var session = context.Open(Lineup.TheGateway(dialect));
        session.WarmUp(dialect, Math.Min(200, Clients));
        var before = session.CollectedMemory();

        var audience = new Audience(dialect, context.Time);
        var started = context.Time.GetTimestamp();
        session.Connect(audience, dialect, Clients, "idle");
        var connecting = context.Time.GetElapsedTime(started);
        session.Clients.RunFor(Settling);
        var after = session.CollectedMemory();
        context.Say($"idle: {Clients} clients connected in {connecting.TotalSeconds:0.0} s, {(after - before).Resident / 1024.0 / Clients:0.0} KB each");

        // What was there on connecting does not count, nor does the first broadcast, for which nothing is warm.
        Broadcast(session, audience);
        audience.Latency = Audience.NewHistogram();
        var received = audience.Received;
        for (var i = 0; i < Broadcasts; i++) Broadcast(session, audience);
        return new IdleReport(this)
        {
            Version = $"{session.Server.Greeting.Name} {session.Server.Greeting.Version}",
            Connecting = connecting,
            Before = before,
            Connected = after,
            Loaded = session.Server.Figures.Memory,
            Received = audience.Received - received,
            Latency = audience.Latency,
            Lost = audience.Lost,
        };
    }

    // One at a time: the next comes when all have it, and not before its second is over.
    private void Broadcast(Session session, Audience audience)
    {
        var wanted = audience.Received + Clients;
        var published = session.Server.Ask(session.Clients).Published;
        session.Server.Grant(published + 1);
        session.Clients.RunFor(Interval);
        session.Clients.RunUntil(() => audience.Received >= wanted, ArrivalLimit);
    }
}
