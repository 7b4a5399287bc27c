using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Throughput;

/// <summary>One turn: clients connect, the server broadcasts in the closed loop, and what arrives in the time measured counts.</summary>
internal sealed class ThroughputMeasurement(Session session, Contestant server, ThroughputScenario plan, TimeProvider time)
{
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(20);

    public ThroughputTurn Run(int count)
    {
        var audience = new Audience(server.Dialect, time);
        session.Connect(audience, server.Dialect, count, "bench");
        var pace = new Pace(count, plan.Ahead, session.Server.Grant);
        audience.OnPrediction = client => pace.OnArrival(client.Received);
        pace.Start();
        session.Clients.RunFor(plan.WarmUp);

        audience.Latency = Audience.NewHistogram();
        var before = Look(audience);
        session.Clients.RunFor(plan.Duration);
        var after = Look(audience);
        var latency = audience.Latency;

        pace.Stop();
        session.Clients.RunUntil(() => pace.IsDone, ArrivalLimit);
        var seconds = time.GetElapsedTime(before.At, after.At).TotalSeconds;
        return new ThroughputTurn
        {
            Server = server.Name,
            Version = $"{session.Server.Greeting.Name} {session.Server.Greeting.Version}",
            Clients = count,
            MessagesPerSecond = (after.Messages - before.Messages) / seconds,
            BytesPerMessage = (after.Bytes - before.Bytes) / Math.Max(1.0, after.Messages - before.Messages),
            P50 = latency.Percentile(0.5),
            P99 = latency.Percentile(0.99),
            ServerCpu = (after.ServerCpu - before.ServerCpu) / seconds,
            LoadCpu = (after.LoadCpu - before.LoadCpu) / seconds,
            Problem = Problem(audience, pace, count),
        };
    }

    private (long At, long Messages, long Bytes, double ServerCpu, double LoadCpu) Look(Audience audience) =>
        (time.GetTimestamp(), audience.Received, audience.Bytes, session.Server.Figures.CpuSeconds, ProcessFigures.Own.CpuSeconds);

    private static string? Problem(Audience audience, Pace pace, int count)
    {
        if (audience.Complaint is { } complaint) return $"the server said {complaint}";
        if (audience.Lost > 0) return FormattableString.Invariant($"{audience.Lost} clients were lost");
        if (audience.Missing + audience.Repeated > 0) return FormattableString.Invariant($"{audience.Missing} sequences missing, {audience.Repeated} repeated");
        return audience.Received == count * pace.Granted
            ? null
            : FormattableString.Invariant($"{audience.Received} messages arrived of {count} x {pace.Granted}");
    }
}
