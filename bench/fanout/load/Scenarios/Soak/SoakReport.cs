using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios.Soak;

/// <summary>Whether connections and memory returned to where they were, and whether anyone well-behaved noticed.</summary>
internal sealed class SoakReport(SoakScenario plan) : IReport
{
    /// <summary>What a heap that was in use does not give back, whatever happened in it.</summary>
    private const double MostMegabytes = 32;

    public required string Version { get; init; }

    /// <summary>What the rabble did how often.</summary>
    public required IReadOnlyDictionary<string, int> Done { get; init; }

    public required long ConnectionsBefore { get; init; }

    /// <summary>When the rabble had gone and the well-behaved had not.</summary>
    public required long ConnectionsBeside { get; init; }

    public required long ConnectionsAfter { get; init; }

    public required Memory Before { get; init; }

    public required Memory After { get; init; }

    /// <summary>By the well-behaved.</summary>
    public required long Received { get; init; }

    /// <summary>Sequences that a well-behaved client did not get once and in order.</summary>
    public required long Missing { get; init; }

    /// <summary>Well-behaved clients that did not get the last one.</summary>
    public required int Behind { get; init; }

    public required int Lost { get; init; }

    public required string? Complaint { get; init; }

    public required TimeSpan P99 { get; init; }

    public required ServerStats Stats { get; init; }

    public string Scenario => "soak";

    public IReadOnlyList<Check> Checks =>
    [
        Check.Of($"connections return to the start", $"{ConnectionsBefore}, {ConnectionsBeside} with the {plan.Clients} well-behaved, {ConnectionsAfter}", ConnectionsBeside == plan.Clients && ConnectionsAfter == ConnectionsBefore),
        Check.Of($"memory returns to within {MostMegabytes} MB of the start", $"{Before.PrivateMegabytes:0} to {After.PrivateMegabytes:0} MB private", After.PrivateMegabytes - Before.PrivateMegabytes < MostMegabytes),
        Check.Of($"nothing lost for the well-behaved", $"{Missing} missing or repeated, {Behind} behind, {Lost} clients lost{(Complaint is null ? "" : $"; the server said {Complaint}")}", Missing == 0 && Behind == 0 && Lost == 0 && Complaint is null),
        Check.Of($"no exception unhandled", $"{Stats.Faults}{(Stats.FirstFault is null ? "" : $"; the first: {Stats.FirstFault}")}", Stats.Faults == 0),
    ];

    public object Figures => new
    {
        plan.Clients,
        plan.Rabble,
        plan.Actions,
        plan.Rate,
        plan.Seed,
        Seconds = plan.Duration.TotalSeconds,
        Version,
        Done,
        ConnectionsBefore,
        ConnectionsBeside,
        ConnectionsAfter,
        PrivateMbBefore = Before.PrivateMegabytes,
        PrivateMbAfter = After.PrivateMegabytes,
        Received,
        Missing,
        Behind,
        Lost,
        Complaint,
        P99Ms = P99.TotalMilliseconds,
        Stats.Faults,
        Stats.FirstFault,
        Stats.Metrics,
    };

    public void Write(TextWriter output)
    {
        Line($"{Version}: {plan.Duration.TotalMinutes:0.#} min, seed {plan.Seed}: {plan.Clients} well-behaved clients, {plan.Rate:0.##} predictions/s, a rabble of up to {plan.Rabble} that does {plan.Actions} things a second");
        foreach (var (what, count) in Done) Line($"  {count,8} {what}");
        Line($"the well-behaved received {Received} predictions, p99 {P99.TotalMilliseconds:0.0} ms");

        void Line(FormattableString text) => output.WriteLine(FormattableString.Invariant(text));
    }
}
