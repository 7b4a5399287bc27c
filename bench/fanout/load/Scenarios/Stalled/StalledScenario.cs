using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Scenarios.Stalled;

/// <summary>Clients that read nothing beside many that do: whether those notice, and what becomes of the stalled.</summary>
/// <param name="Clients">Well-behaved ones.</param>
/// <param name="Stalled">How many read nothing, in turn; 0 is what the others are held against.</param>
/// <param name="Rate">Predictions a second: few enough that the machine has time to spare.</param>
/// <param name="Duration">Of each phase: longer than the gateway's patience, so that the end of the stalled is in it.</param>
/// <param name="Rounds">Of all phases.</param>
internal sealed record StalledScenario(int Clients, IReadOnlyList<int> Stalled, double Rate, TimeSpan Duration, int Rounds) : IScenario
{
    /// <summary>The least that the system takes.</summary>
    private const int SmallestBuffer = 2_304;

    /// <summary>
    /// Predictions in the log before anyone comes. The stalled ask for them, which fills what the system and the server buffer
    /// for them at once; at the rate of the others that would take minutes.
    /// </summary>
    private const int Backlog = 2_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Filling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(60);

    public IReport Run(BenchContext context)
    {
        using var session = context.Open(Lineup.TheGateway(Dialect.TrmAll, "--meters"));
        OpenFiles.Require(Clients + Stalled.Max());
        session.Server.Grant(Backlog);
        var audience = new Audience(Dialect.TrmAll, context.Time);
        session.Connect(audience, Dialect.TrmAll, Clients, "well");
        session.Server.SetRate(Rate);
        session.Clients.RunFor(Settling);
        var phases = new List<StalledPhase>();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var stalled in Stalled)
            {
                var phase = RunPhase(context, session, audience, stalled);
                phases.Add(phase);
                context.Say($"stalled {stalled}, round {round}: p99 of the others {phase.P99.TotalMilliseconds:0.0} ms, {phase.Resident / 1048576.0:0} MB, {phase.TooSlow} closed with 4008, {phase.Cut} cut");
            }
        }
        session.Server.SetRate(0);
        session.Clients.RunFor(Second);
        var stats = session.Server.Ask(session.Clients);
        return new StalledReport(this, phases, stats)
        {
            Version = $"{session.Server.Greeting.Name} {session.Server.Greeting.Version}",
            Lost = audience.Lost,
            Missing = audience.Missing + audience.Repeated,
        };
    }

    private StalledPhase RunPhase(BenchContext context, Session session, Audience audience, int count)
    {
        var backlog = Dialect.Resume(session.Server.Greeting.Market!, session.Server.Greeting.Epoch, 0);
        var crowd = new Audience(Dialect.TrmLatest, context.Time) { Opening = _ => backlog };
        var stalled = Enumerable.Range(0, count)
            .Select(i => session.Clients.Connect(crowd, FormattableString.Invariant($"/ws/stalled-{i}"), SmallestBuffer, reads: false)).ToList();
        session.Clients.RunUntil(() => crowd.Ready == count, ConnectLimit);
        session.Clients.RunFor(Filling);

        audience.Latency = Audience.NewHistogram();
        var resident = 0L;
        for (var elapsed = TimeSpan.Zero; elapsed < Duration; elapsed += Second)
        {
            session.Clients.RunFor(Second);
            resident = Math.Max(resident, session.Server.Figures.Memory.Resident);
        }
        var latency = audience.Latency;
        audience.Latency = Audience.NewHistogram(); // the wait is not part of it
        var started = context.Time.GetTimestamp();
        WaitForTheirEnd(context, session);
        return Result(count, latency, resident, Ended(session, stalled), context.Time.GetElapsedTime(started));
    }

    private void WaitForTheirEnd(BenchContext context, Session session)
    {
        var started = context.Time.GetTimestamp();
        while (session.Server.Ask(session.Clients).Connections > Clients && context.Time.GetElapsedTime(started) < CloseLimit) session.Clients.RunFor(Second);
    }

    // What the server said last lies behind everything that was not read.
    private static List<Client> Ended(Session session, List<Client> stalled)
    {
        foreach (var client in stalled.Where(c => c.Phase != Phase.Gone)) session.Clients.SetReads(client, true);
        session.Clients.RunUntil(() => stalled.TrueForAll(c => c.Phase == Phase.Gone), Settling);
        var ended = stalled.FindAll(c => c.Phase == Phase.Gone);
        foreach (var client in stalled) session.Clients.End(client);
        return ended;
    }

    private static StalledPhase Result(int count, LatencyHistogram latency, long resident, List<Client> ended, TimeSpan waited) => new()
    {
        Stalled = count,
        P50 = latency.Percentile(0.5),
        P99 = latency.Percentile(0.99),
        Max = latency.Max,
        Messages = latency.Count,
        Resident = resident,
        TooSlow = ended.Count(c => c.CloseCode == StalledPhase.TooSlowCode),
        Cut = ended.Count(c => c.CloseCode == 0),
        Waited = waited,
    };
}
