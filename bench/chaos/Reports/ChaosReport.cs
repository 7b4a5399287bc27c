using Trm.Bench.Chaos.Clients;
using Trm.Bench.Chaos.Faults;
using Trm.Bench.Chaos.Silence;
using Trm.Bench.Chaos.Verdicts;
using Trm.Core.Telemetry;

namespace Trm.Bench.Chaos.Reports;

/// <summary>Everything that a run found.</summary>
internal sealed record ChaosReport
{
    public required ChaosPlan Plan { get; init; }

    /// <summary>From the end of the warm-up to the last fault's recovery.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>Predictions logged in that time.</summary>
    public required long Predictions { get; init; }

    /// <summary>Before the first fault.</summary>
    public required SilenceWindow Calm { get; init; }

    public required IReadOnlyList<FaultRecord> Faults { get; init; }

    public required IReadOnlyList<MarketLog> Logs { get; init; }

    /// <summary>Markets that made nothing more at the end.</summary>
    public required IReadOnlyList<string> Stopped { get; init; }

    public required LedgerCounts Clients { get; init; }

    /// <summary>How many clients have something to complain of.</summary>
    public required int UncleanClients { get; init; }

    public required FleetNotes Notes { get; init; }

    /// <summary>From a snapshot's emission to the client, of a sample, without the warm-up.</summary>
    public required LatencyHistogram SnapshotToClient { get; init; }

    public required IReadOnlyList<GatewayHealth> Gateways { get; init; }

    /// <summary>Seconds of processor time in the time measured, by role.</summary>
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }

    public LatencyHistogram ClientLatency => Notes.Latencies;

    public double PredictionsPerSecond => Predictions / Measured.TotalSeconds;

    /// <summary>Kills: the median of each one's longest silence of a market, as the client saw it that waited longest; null without any.</summary>
    public TimeSpan? MedianSilence(Func<FaultKind, bool> which)
    {
        TimeSpan[] longest = [.. Faults.Where(f => which(f.Kind)).Select(f => f.Silences.PerMarket.Max).Order()];
        return longest.Length == 0 ? null : (longest[(longest.Length - 1) / 2] + longest[longest.Length / 2]) / 2;
    }

    /// <summary>What does not hold, a line each; none is a verdict of well.</summary>
    public IEnumerable<string> Problems()
    {
        var ids = Plan.MarketIds;
        var logs = Logs.ToLookup(l => l.Market);
        if (ids.Count(id => !logs[id].Any()) is > 0 and var without) yield return $"{without} markets have no log";
        if (ids.Count(id => logs[id].Count() > 1) is > 0 and var twice) yield return $"{twice} markets have more than one epoch";
        if (Logs.Sum(l => l.Holes) is > 0 and var holes) yield return $"{holes} holes in the logs of {Logs.Count(l => l.Holes > 0)} markets";
        if (Logs.Sum(l => l.Duplicates) is > 0 and var duplicates) yield return $"{duplicates} duplicates in the logs";
        if (Logs.Count(l => l.First > 1) is > 0 and var late) yield return $"{late} logs do not begin at 1";
        if (Stopped.Count > 0) yield return $"{Stopped.Count} markets have stopped: {string.Join(' ', Stopped.Take(10))}";
        if (!Clients.IsClean)
            yield return $"{UncleanClients} clients: {Clients.Holes} holes, {Clients.Twice} twice, {Clients.OutOfOrder} out of order, {Clients.Resyncs} resyncs, {Clients.Strangers} of no place";
        if (Notes.UnreadableMessages > 0) yield return $"{Notes.UnreadableMessages} messages that are not of the protocol";
        foreach (var fault in Faults.Where(f => f.Problem is not null)) yield return $"{fault.Target} at {fault.At.TotalSeconds:0} s: {fault.Problem}";
    }
}
