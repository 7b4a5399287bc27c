using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Scenarios.Reconnect;

/// <summary>All clients die at once, miss something, and come back at once, each with the place where it stopped.</summary>
/// <param name="Clients">How many.</param>
/// <param name="Missed">Predictions published while they are away.</param>
/// <param name="Rate">Predictions a second before and after: they come back into a live stream.</param>
internal sealed record ReconnectScenario(int Clients, int Missed, double Rate) : IScenario
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300);

    public IReport Run(BenchContext context)
    {
        using var session = context.Open(Lineup.TheGateway(Dialect.TrmAll));
        var places = Live(context, session);
        var head = Miss(session);
        context.Say($"reconnect: {Clients} clients killed, the log ends at {head}");

        var opening = context.Time.GetTimestamp();
        var caughtUp = new LatencyHistogram(stepBits: 7);
        var left = Clients;
        var audience = new Audience(Dialect.TrmAll, context.Time)
        {
            Opening = client => Dialect.Resume(session.Server.Greeting.Market!, session.Server.Greeting.Epoch, client.LastSequence),
        };
        audience.OnPrediction = client =>
        {
            if (client.LastSequence != head) return;
            caughtUp.Record(context.Time.GetElapsedTime(opening));
            left--;
        };
        session.Server.SetRate(Rate);
        for (var i = 0; i < Clients; i++)
        {
            // Its first message must be the one after: a client that was told of a sequence misses what lies between.
            session.Clients.Connect(audience, FormattableString.Invariant($"/ws/again-{i}")).LastSequence = places[i];
        }
        var connecting = context.Time.GetElapsedTime(opening);
        var all = session.Clients.RunUntil(() => left == 0 || audience.Lost > 0, Limit);
        session.Clients.RunFor(Settling);
        session.Server.SetRate(0);
        session.Clients.RunFor(Settling);
        return new ReconnectReport(this)
        {
            Version = $"{session.Server.Greeting.Name} {session.Server.Greeting.Version}",
            Due = places.Sum(place => head - place),
            Connecting = connecting,
            CaughtUp = caughtUp,
            Complete = all && left == 0,
            Missing = audience.Missing,
            Repeated = audience.Repeated,
            Lost = audience.Lost,
            Complaint = audience.Complaint,
            Resident = session.Server.Figures.Memory.Resident,
        };
    }

    /// <summary>Lets the clients live for a while, and kills them in the midst of a broadcast.</summary>
    /// <returns>The last sequence of each.</returns>
    private long[] Live(BenchContext context, Session session)
    {
        OpenFiles.Require(Clients);
        var audience = new Audience(Dialect.TrmAll, context.Time);
        var clients = session.Connect(audience, Dialect.TrmAll, Clients, "first");
        session.Server.SetRate(Rate);
        session.Clients.RunUntil(() => audience.Received >= 2L * Clients, Limit);
        session.Server.SetRate(0);
        session.Clients.RunFor(Settling);
        var half = audience.Received + (Clients / 2);
        session.Server.Grant(session.Server.Ask(session.Clients).Published + 1);
        session.Clients.RunUntil(() => audience.Received >= half, Settling);
        foreach (var client in clients) session.Clients.End(client);
        return [.. clients.Select(c => c.LastSequence)];
    }

    /// <returns>The log's last sequence.</returns>
    private long Miss(Session session)
    {
        session.Clients.RunFor(Settling);
        session.Server.Grant(session.Server.Ask(session.Clients).Published + Missed);
        return session.Server.Ask(session.Clients).Published;
    }
}
