using System.Text.Json;
using System.Text.Json.Serialization;
using Trm.Bench.Chaos.Clients;
using Trm.Bench.Chaos.Faults;
using Trm.Bench.Chaos.Silence;

namespace Trm.Bench.Chaos.Reports;

/// <summary>The report for machines. Durations are seconds, latencies milliseconds.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void Write(ChaosReport report, string path)
    {
        var (plan, latency) = (report.Plan, report.ClientLatency);
        var body = new
        {
            Well = !report.Problems().Any(),
            Problems = report.Problems().ToArray(),
            Plan = new { plan.Markets, plan.Rate, plan.Silos, plan.Gateways, plan.Clients, plan.MarketsPerClient, Duration = plan.Duration.TotalSeconds, KillEvery = plan.KillEvery.TotalSeconds, plan.Faults },
            Seconds = report.Measured.TotalSeconds,
            report.Predictions,
            report.PredictionsPerSecond,
            MedianSilenceOfKills = report.MedianSilence(k => k is FaultKind.Silo or FaultKind.Gateway or FaultKind.Postgres)?.TotalSeconds,
            MedianSilence = Enum.GetValues<FaultKind>().ToDictionary(k => k, k => report.MedianSilence(kind => kind == k)?.TotalSeconds),
            Calm = Silences(report.Calm),
            Faults = report.Faults.Select(f => new { f.Kind, f.Target, At = f.At.TotalSeconds, ReadyAfter = f.Recovery.TotalSeconds, f.Problem, Silence = Silences(f.Silences) }),
            Log = new { Markets = report.Logs.Select(l => l.Market).Distinct().Count(), Epochs = report.Logs.Count, Predictions = report.Logs.Sum(l => l.Count), Holes = report.Logs.Sum(l => l.Holes), Duplicates = report.Logs.Sum(l => l.Duplicates), report.Stopped },
            Clients = report.Clients,
            report.UncleanClients,
            report.Notes.Disconnections,
            report.Notes.Refusals,
            report.Notes.PredictionErrors,
            report.Notes.UnreadableMessages,
            ClientLatency = new { latency.Count, P50Ms = latency.Percentile(0.5).TotalMilliseconds, P99Ms = latency.Percentile(0.99).TotalMilliseconds, MaxMs = latency.Max.TotalMilliseconds },
            SnapshotToSocket = report.Gateways,
            report.CpuSeconds,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(body, Options));
    }

    private static object Silences(SilenceWindow window) => new
    {
        All = window.All.TotalSeconds,
        MarketP50 = window.PerMarket.P50.TotalSeconds,
        MarketP95 = window.PerMarket.P95.TotalSeconds,
        MarketMax = window.PerMarket.Max.TotalSeconds,
        LongestMarket = MarketNames.Of(window.Longest),
        MarketMaxForAnybody = window.PerMarketForAnybody.Max.TotalSeconds,
    };
}
