using System.Globalization;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Servers;
using Trm.Cli.Benchmarks.Inference.Report;

namespace Trm.Bench.FanOut.Scenarios.Throughput;

/// <summary>Medians over the rounds, and the gateway's ratio to each peer.</summary>
internal sealed class ThroughputReport(ThroughputScenario plan, IReadOnlyList<ThroughputTurn> turns, IReadOnlyDictionary<string, string> absent) : IReport
{
    /// <summary>In the closed loop one of the two cores is busy all the time, unless others take it.</summary>
    private const double BusyCore = 0.85;

    private static readonly string[] Columns = ["clients", "server", "messages/s", "rounds", "trm is", "p50 ms", "p99 ms", "server core", "load core", "per core second"];

    public string Scenario => "throughput";

    public IReadOnlyList<Check> Checks => [.. Ratios(), .. turns.Where(t => t.Problem is not null).Select(t => Check.Of($"{t.Server}, {t.Clients} clients: every client gets every message once", $"{t.Problem}", false))];

    public object Figures => new
    {
        plan.Rounds,
        WarmUpSeconds = plan.WarmUp.TotalSeconds,
        Seconds = plan.Duration.TotalSeconds,
        plan.Ahead,
        Servers = Cells().Select(c => new
        {
            c.Clients,
            c.Server,
            c.Turns[0].Version,
            MessagesPerSecond = c.Rate,
            Rounds = c.Turns.Select(t => t.MessagesPerSecond),
            c.Turns[0].BytesPerMessage,
            TrmIs = Ratio(c),
            P50Ms = Of(c, t => t.P50.TotalMilliseconds),
            P99Ms = Of(c, t => t.P99.TotalMilliseconds),
            ServerCore = Of(c, t => t.ServerCpu),
            LoadCore = Of(c, t => t.LoadCpu),
            MessagesPerCpuSecond = PerCore(c),
        }),
        Absent = absent,
    };

    public void Write(TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant($"received by all clients, medians of {plan.Rounds} rounds of {plan.Duration.TotalSeconds:0.#} s after {plan.WarmUp.TotalSeconds:0.#} s; at most {plan.Ahead} on their way to the slowest client"));
        foreach (var (name, version) in turns.Select(t => (t.Server, t.Version)).Distinct()) output.WriteLine($"{name}: {version}");
        var table = new TextTable(Columns, leftColumn: 1);
        foreach (var cell in Cells()) table.Add(Row(cell));
        table.Write(output, markdown: false);
        if (Cells().Any(c => Math.Max(Of(c, t => t.ServerCpu), Of(c, t => t.LoadCpu)) < BusyCore))
            output.WriteLine("A core that was not busy was not free: other programs run on this machine, and only the last column is worth comparing.");
        foreach (var (name, reason) in absent) output.WriteLine($"{name}: left out: {reason}");
    }

    private IEnumerable<Check> Ratios() =>
        from clients in plan.Clients
        let gateway = Cell(clients, Lineup.Gateway)
        where gateway is not null
        from requirement in Requirement.All
        let peer = Cell(clients, requirement.Peer)
        where peer is not null
        select Check.Of(
            $"{clients} clients: at least {requirement.Factor:0.00} x {requirement.Peer}",
            $"{gateway.Rate / peer.Rate:0.00} x ({gateway.Rate:0} and {peer.Rate:0} messages/s; for a second of the server's core {PerCore(gateway) / PerCore(peer):0.00} x)",
            requirement.IsMet(gateway.Rate, peer.Rate));

    private string[] Row(ThroughputCell cell) =>
    [
        Text($"{cell.Clients}"),
        cell.Server,
        Text($"{cell.Rate:0}"),
        string.Join(' ', cell.Turns.Select(t => Text($"{t.MessagesPerSecond:0}"))),
        Ratio(cell) is { } ratio ? Text($"{ratio:0.00} x") : "",
        Text($"{Of(cell, t => t.P50.TotalMilliseconds):0.0}"),
        Text($"{Of(cell, t => t.P99.TotalMilliseconds):0.0}"),
        Text($"{Of(cell, t => t.ServerCpu):0.00}"),
        Text($"{Of(cell, t => t.LoadCpu):0.00}"),
        Text($"{PerCore(cell):0}"),
    ];

    private double? Ratio(ThroughputCell cell) =>
        cell.Server != Lineup.Gateway && Cell(cell.Clients, Lineup.Gateway) is { } gateway ? gateway.Rate / cell.Rate : null;

    private IEnumerable<ThroughputCell> Cells() =>
        plan.Clients.SelectMany(clients => plan.Servers.Select(server => Cell(clients, server.Name))).OfType<ThroughputCell>();

    private ThroughputCell? Cell(int clients, string server)
    {
        ThroughputTurn[] own = [.. turns.Where(t => t.Clients == clients && t.Server == server)];
        return own.Length == 0 ? null : new ThroughputCell(clients, server, own, Median.Of(own.Select(t => t.MessagesPerSecond)));
    }

    private static double PerCore(ThroughputCell cell) => Of(cell, t => t.MessagesPerCpuSecond);

    private static double Of(ThroughputCell cell, Func<ThroughputTurn, double> figure) => Median.Of(cell.Turns.Select(figure));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record ThroughputCell(int Clients, string Server, ThroughputTurn[] Turns, double Rate);
}
