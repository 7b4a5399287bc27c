using System.Globalization;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;
using Trm.Cli.Benchmarks.Inference.Report;

namespace Trm.Bench.FanOut.Scenarios.Stalled;

/// <summary>Each phase, and whether the others' p99 moved.</summary>
internal sealed class StalledReport(StalledScenario plan, IReadOnlyList<StalledPhase> phases, ServerStats stats) : IReport
{
    private const double MostMove = 0.15;
    private const double MostMegabytes = 64;

    private static readonly string[] Columns = ["stalled", "p50 ms", "p99 ms", "max ms", "messages", "resident MB", "closed 4008", "cut", "still open", "after s"];

    public required string Version { get; init; }

    /// <summary>Well-behaved clients whose connection ended.</summary>
    public required int Lost { get; init; }

    /// <summary>Sequences that well-behaved clients did not get once and in order.</summary>
    public required long Missing { get; init; }

    public string Scenario => "stalled";

    public IReadOnlyList<Check> Checks =>
    [
        .. plan.Stalled.Where(s => s > 0).Distinct().SelectMany(Against),
        Check.Of($"the {plan.Clients} others lose nothing", $"{Missing} sequences missing or repeated, {Lost} clients lost", Missing == 0 && Lost == 0),
    ];

    public object Figures => new
    {
        plan.Clients,
        plan.Rate,
        plan.Rounds,
        Seconds = plan.Duration.TotalSeconds,
        Version,
        Phases = phases.Select(p => new
        {
            p.Stalled,
            P50Ms = p.P50.TotalMilliseconds,
            P99Ms = p.P99.TotalMilliseconds,
            MaxMs = p.Max.TotalMilliseconds,
            p.Messages,
            ResidentMb = p.Resident / 1048576.0,
            ClosedTooSlow = p.TooSlow,
            p.Cut,
            WaitedSeconds = p.Waited.TotalSeconds,
        }),
        Lost,
        Missing,
        stats.Metrics,
    };

    public void Write(TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant($"{Version}: {plan.Clients} well-behaved clients, {plan.Rate:0.##} predictions/s ({plan.Rate * plan.Clients:0} messages/s), phases of {plan.Duration.TotalSeconds:0} s"));
        var table = new TextTable(Columns, leftColumn: 0);
        foreach (var phase in phases) table.Add(Row(phase));
        table.Write(output, markdown: false);
        output.WriteLine($"the gateway's metrics at the end: {string.Join(", ", stats.Metrics!.Select(m => FormattableString.Invariant($"{m.Key} {m.Value}")))}");
    }

    private IEnumerable<Check> Against(int stalled)
    {
        var (without, with) = (P99(0), P99(stalled));
        var move = (with / without) - 1;
        yield return Check.Of($"{stalled} stalled: the others' p99 moves by less than {MostMove:P0}", $"{without:0.0} to {with:0.0} ms, {move:+0.0 %;-0.0 %}", move < MostMove);
        var (more, own) = ((Resident(stalled) - Resident(0)) / 1048576.0, phases.Where(p => p.Stalled == stalled).ToList());
        yield return Check.Of($"{stalled} stalled: memory grows by less than {MostMegabytes} MB", $"{more:0} MB", more < MostMegabytes);
        yield return Check.Of($"{stalled} stalled: the server ends each", $"{string.Join(", ", own.Select(p => p.TooSlow + p.Cut))}", own.TrueForAll(p => p.TooSlow + p.Cut == stalled));
    }

    private double P99(int stalled) => Median.Of(phases.Where(p => p.Stalled == stalled).Select(p => p.P99.TotalMilliseconds));

    private double Resident(int stalled) => Median.Of(phases.Where(p => p.Stalled == stalled).Select(p => (double)p.Resident));

    private static string[] Row(StalledPhase phase) =>
    [
        Text($"{phase.Stalled}"),
        Text($"{phase.P50.TotalMilliseconds:0.0}"),
        Text($"{phase.P99.TotalMilliseconds:0.0}"),
        Text($"{phase.Max.TotalMilliseconds:0.0}"),
        Text($"{phase.Messages}"),
        Text($"{phase.Resident / 1048576.0:0}"),
        Text($"{phase.TooSlow}"),
        Text($"{phase.Cut}"),
        Text($"{phase.Stalled - phase.TooSlow - phase.Cut}"),
        Text($"{phase.Waited.TotalSeconds:0}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
