using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Scenarios.Idle;

/// <summary>Memory a connection, and the age of a broadcast when it reaches its clients.</summary>
internal sealed class IdleReport(IdleScenario plan) : IReport
{
    private const double MostKilobytes = 12;
    private const double MostMilliseconds = 500;

    public required string Version { get; init; }

    public required TimeSpan Connecting { get; init; }

    /// <summary>Without clients, after as many had come and gone as warm it up.</summary>
    public required Memory Before { get; init; }

    /// <summary>With all of them, after a garbage collection.</summary>
    public required Memory Connected { get; init; }

    /// <summary>After the broadcasts.</summary>
    public required Memory Loaded { get; init; }

    public required long Received { get; init; }

    public required LatencyHistogram Latency { get; init; }

    public required int Lost { get; init; }

    public string Scenario => "idle";

    public double ResidentKilobytes => (Connected - Before).Resident / 1024.0 / plan.Clients;

    public double PrivateKilobytes => (Connected - Before).Private / 1024.0 / plan.Clients;

    public IReadOnlyList<Check> Checks =>
    [
        Check.Of($"memory a connection under {MostKilobytes} KB", $"{ResidentKilobytes:0.0} KB resident, {PrivateKilobytes:0.0} KB private", ResidentKilobytes < MostKilobytes),
        Check.Of($"p99 of a broadcast to {plan.Clients} under {MostMilliseconds} ms", $"{P99:0} ms", P99 < MostMilliseconds),
        Check.Of($"every client gets every broadcast", $"{Received} of {(long)plan.Clients * plan.Broadcasts}, {Lost} clients lost", Received == (long)plan.Clients * plan.Broadcasts && Lost == 0),
    ];

    public object Figures => new
    {
        plan.Clients,
        plan.Broadcasts,
        Version,
        ConnectSeconds = Connecting.TotalSeconds,
        ResidentKbPerConnection = ResidentKilobytes,
        PrivateKbPerConnection = PrivateKilobytes,
        ResidentMbBefore = Before.ResidentMegabytes,
        ResidentMbConnected = Connected.ResidentMegabytes,
        ResidentMbAfterBroadcasts = Loaded.ResidentMegabytes,
        Received,
        Lost,
        P50Ms = Latency.Percentile(0.5).TotalMilliseconds,
        P99Ms = P99,
        MaxMs = Latency.Max.TotalMilliseconds,
    };

    private double P99 => Latency.Percentile(0.99).TotalMilliseconds;

    public void Write(TextWriter output)
    {
        Line($"{Version}: {plan.Clients} idle connections, made in {Connecting.TotalSeconds:0.0} s ({plan.Clients / Connecting.TotalSeconds:0}/s)");
        Line($"memory: {Before.ResidentMegabytes:0} MB resident without them, {Connected.ResidentMegabytes:0} MB with them, {Loaded.ResidentMegabytes:0} MB after the broadcasts");
        Line($"a broadcast to all, {plan.Broadcasts} times: p50 {Latency.Percentile(0.5).TotalMilliseconds:0} ms, p99 {P99:0} ms, max {Latency.Max.TotalMilliseconds:0} ms");

        void Line(FormattableString text) => output.WriteLine(FormattableString.Invariant(text));
    }
}
