using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Soak;

/// <summary>Well-behaved clients beside a rabble, for as long as one likes; afterwards everything is as it was.</summary>
/// <param name="Clients">Well-behaved ones.</param>
/// <param name="Rabble">Others at once, at most.</param>
/// <param name="Actions">Of the rabble, a second.</param>
/// <param name="Rate">Predictions a second.</param>
/// <param name="Duration">How long.</param>
/// <param name="Seed">What the rabble does.</param>
internal sealed record SoakScenario(int Clients, int Rabble, int Actions, double Rate, TimeSpan Duration, int Seed) : IScenario
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(120);

    public IReport Run(BenchContext context)
    {
        OpenFiles.Require(Clients + Rabble);
        using var session = context.Open(Lineup.TheGateway(Dialect.TrmAll, "--meters"));
        session.WarmUp(Dialect.TrmAll, Clients + Rabble);
        var before = session.CollectedMemory();
        var connectionsBefore = session.Server.Ask(session.Clients).Connections;

        var audience = new Audience(Dialect.TrmAll, context.Time);
        var well = session.Connect(audience, Dialect.TrmAll, Clients, "well");
        session.Server.SetRate(Rate);
        var rabble = new Rabble(session.Clients, session.Server.Greeting.Epoch, session.Server.Greeting.Market!, Rabble, Seed);
        Rage(context, session, rabble);

        // All that was published is with all of them before they are counted.
        rabble.Leave();
        session.Server.SetRate(0);
        session.Clients.RunFor(Second);
        var beside = Settle(context, session, Clients);
        var behind = well.Count(c => c.LastSequence != session.Server.Ask(session.Clients).Published);
        var lost = audience.Lost;
        foreach (var client in well) session.Clients.End(client, reset: false);
        var afterwards = Settle(context, session, connectionsBefore);
        var after = session.CollectedMemory();
        return new SoakReport(this)
        {
            Version = $"{session.Server.Greeting.Name} {session.Server.Greeting.Version}",
            Done = rabble.Done,
            ConnectionsBefore = connectionsBefore,
            ConnectionsBeside = beside,
            ConnectionsAfter = afterwards,
            Before = before,
            After = after,
            Received = audience.Received,
            Missing = audience.Missing + audience.Repeated,
            Behind = behind,
            Lost = lost,
            Complaint = audience.Complaint,
            P99 = audience.Latency.Percentile(0.99),
            Stats = session.Server.Ask(session.Clients),
        };
    }

    private void Rage(BenchContext context, Session session, Rabble rabble)
    {
        var started = context.Time.GetTimestamp();
        var (acted, told) = (0L, TimeSpan.Zero);
        while (context.Time.GetElapsedTime(started) is var elapsed && elapsed < Duration)
        {
            for (; acted < elapsed.TotalSeconds * Actions; acted++) rabble.Act();
            session.Clients.RunFor(Tick);
            if (elapsed - told < TimeSpan.FromMinutes(1)) continue;
            told = elapsed;
            context.Say($"soak: {elapsed.TotalMinutes:0} min, {rabble.Count} of the rabble there, {session.Server.Figures.Memory.ResidentMegabytes:0} MB");
        }
    }

    // Half-open connections last until the server's own limits end them.
    private static long Settle(BenchContext context, Session session, long connections)
    {
        var started = context.Time.GetTimestamp();
        while (true)
        {
            var now = session.Server.Ask(session.Clients).Connections;
            if (now == connections || context.Time.GetElapsedTime(started) > EndLimit) return now;
            session.Clients.RunFor(Second);
        }
    }
}
