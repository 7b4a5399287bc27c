using System.Globalization;
using Trm.Bench.Chaos.Clients;
using Trm.Bench.Chaos.Faults;

namespace Trm.Bench.Chaos.Reports;

/// <summary>The report for people.</summary>
internal static class ReportText
{
    public static void Write(ChaosReport report, TextWriter output)
    {
        var plan = report.Plan;
        Line($"{plan.Markets} markets at {plan.Rate:0.##}/s, {plan.Silos} silos, {plan.Gateways} gateways, {plan.Clients} clients with {plan.MarketsPerClient} markets each; {report.Measured.TotalSeconds:0} s");
        Line($"");
        if (report.Faults.Count > 0) WriteFaults(report, output);
        WriteClients(report, output);
        WriteCosts(report, output);
        Line($"");
        string[] problems = [.. report.Problems()];
        foreach (var problem in problems) Line($"FAULT  {problem}");
        Line($"{(problems.Length == 0 ? "WELL   nothing lost, nothing twice" : $"BAD    {problems.Length} of the promises do not hold")}");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteFaults(ChaosReport report, TextWriter output)
    {
        Line($"longest silences in seconds: of all markets; per market as its worst client saw it (over the markets); per market for everybody");
        Line($"  {"at",6}  {"fault",-9} {"target",-10} {"all",6}  {"p50",6} {"p95",6} {"max",6} {"of",-4}  {"anybody",7}  {"ready after",11}");
        Line($"  {0,6}  {"(none)",-9} {"",-10} {S(report.Calm.All)}  {S(report.Calm.PerMarket.P50)} {S(report.Calm.PerMarket.P95)} {S(report.Calm.PerMarket.Max)} {MarketNames.Of(report.Calm.Longest)}  {S(report.Calm.PerMarketForAnybody.Max),7}");
        foreach (var fault in report.Faults)
        {
            var (all, market, anybody) = (fault.Silences.All, fault.Silences.PerMarket, fault.Silences.PerMarketForAnybody);
            Line($"  {fault.At.TotalSeconds,6:0.0}  {Name(fault.Kind),-9} {fault.Target,-10} {S(all)}  {S(market.P50)} {S(market.P95)} {S(market.Max)} {MarketNames.Of(fault.Silences.Longest)}  {S(anybody.Max),7}  {fault.Recovery.TotalSeconds,11:0.0}");
        }
        Median("kills", k => k is FaultKind.Silo or FaultKind.Gateway or FaultKind.Postgres);
        foreach (var kind in Enum.GetValues<FaultKind>()) Median(Name(kind), k => k == kind);
        Line($"");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        void Median(string of, Func<FaultKind, bool> which)
        {
            if (report.MedianSilence(which) is { } median) Line($"  median of the longest market silence, {of}: {median.TotalSeconds:0.00} s");
        }
    }

    private static void WriteClients(ChaosReport report, TextWriter output)
    {
        var (counts, notes) = (report.Clients, report.Notes);
        Line($"log        {report.Logs.Sum(l => l.Count)} predictions of {report.Logs.Select(l => l.Market).Distinct().Count()} markets, {report.Logs.Sum(l => l.Holes)} holes, {report.Logs.Sum(l => l.Duplicates)} duplicates");
        Line($"           {report.PredictionsPerSecond:0.0}/s while measured, {100 * report.PredictionsPerSecond / (report.Plan.Markets * report.Plan.Rate):0.0} % of the pace asked for");
        Line($"clients    {counts.Received} received, {counts.Holes} holes, {counts.Twice} twice, {counts.OutOfOrder} out of order, {counts.Resyncs} resyncs");
        Line($"           connections ended: {Counts(notes.Disconnections)}; subscriptions refused: {Counts(notes.Refusals)}; prediction errors told: {Counts(notes.PredictionErrors)}");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteCosts(ChaosReport report, TextWriter output)
    {
        var latency = report.ClientLatency;
        Line($"latency    made to received, as clients see it: p50 {latency.Percentile(0.5).TotalMilliseconds:0.0} ms, p99 {latency.Percentile(0.99).TotalMilliseconds:0.0} ms, max {latency.Max.TotalMilliseconds:0} ms");
        foreach (var gateway in report.Gateways)
            Line($"           snapshot to socket, {gateway.Url} since it started: p50 {gateway.P50Ms:0.0} ms, p99 {gateway.P99Ms:0.0} ms, max {gateway.MaxMs:0} ms of {gateway.Count}");
        foreach (var (role, seconds) in report.CpuSeconds.OrderBy(c => c.Key, StringComparer.Ordinal))
            Line($"{(role == report.CpuSeconds.Keys.Order(StringComparer.Ordinal).First() ? "cpu" : ""),-10} {role,-9} {seconds,7:0.0} s, {seconds / report.Measured.TotalSeconds,5:0.00} cores, {1000 * seconds / Math.Max(1, report.Predictions),6:0.00} ms a prediction");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static string S(TimeSpan duration) => duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(6);

    private static string Name(FaultKind kind) => FormattableString.Invariant($"{kind}").ToLowerInvariant();

    private static string Counts(IReadOnlyDictionary<string, long> counts) => counts.Count == 0 ? "none" : string.Join(", ", counts.Select(c => FormattableString.Invariant($"{c.Value} {c.Key}")));
}
