using Trm.Bench.FanOut.Reports;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Scenarios.Reconnect;

/// <summary>Whether each got exactly what it missed, and when the last had it.</summary>
internal sealed class ReconnectReport(ReconnectScenario plan) : IReport
{
    public required string Version { get; init; }

    /// <summary>Predictions that they had missed, all together.</summary>
    public required long Due { get; init; }

    /// <summary>What it took to begin all connections.</summary>
    public required TimeSpan Connecting { get; init; }

    /// <summary>From the first connect on, when each had everything up to the log's end at that moment.</summary>
    public required LatencyHistogram CaughtUp { get; init; }

    /// <summary>All had, within the limit.</summary>
    public required bool Complete { get; init; }

    public required long Missing { get; init; }

    public required long Repeated { get; init; }

    public required int Lost { get; init; }

    public required string? Complaint { get; init; }

    /// <summary>The server's resident memory afterwards, bytes.</summary>
    public required long Resident { get; init; }

    public string Scenario => "reconnect";

    public IReadOnlyList<Check> Checks =>
    [
        Check.Of(
            $"each of {plan.Clients} gets exactly what it missed, in order",
            $"{CaughtUp.Count} did; {Missing} missing, {Repeated} repeated, {Lost} clients lost{(Complaint is null ? "" : $"; the server said {Complaint}")}",
            Complete && Missing == 0 && Repeated == 0 && Lost == 0 && Complaint is null),
    ];

    public object Figures => new
    {
        plan.Clients,
        plan.Missed,
        plan.Rate,
        Version,
        Due,
        ConnectSeconds = Connecting.TotalSeconds,
        HalfSeconds = CaughtUp.Percentile(0.5).TotalSeconds,
        P99Seconds = CaughtUp.Percentile(0.99).TotalSeconds,
        LastSeconds = CaughtUp.Max.TotalSeconds,
        Missing,
        Repeated,
        Lost,
        Complaint,
        ResidentMb = Resident / 1048576.0,
    };

    public void Write(TextWriter output)
    {
        Line($"{Version}: {plan.Clients} clients killed in the midst of a broadcast, {plan.Missed} predictions published, all back at once beside {plan.Rate:0.##}/s");
        Line($"from the first connect on: half of them had everything after {CaughtUp.Percentile(0.5).TotalSeconds:0.00} s, 99 % after {CaughtUp.Percentile(0.99).TotalSeconds:0.00} s, the last after {CaughtUp.Max.TotalSeconds:0.00} s ({Due} predictions, {Due / Math.Max(0.001, CaughtUp.Max.TotalSeconds):0}/s; {Resident / 1048576.0:0} MB)");

        void Line(FormattableString text) => output.WriteLine(FormattableString.Invariant(text));
    }
}
