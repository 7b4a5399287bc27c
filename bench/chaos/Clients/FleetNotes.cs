using System.Collections.Concurrent;
using Trm.Core.Telemetry;

namespace Trm.Bench.Chaos.Clients;

/// <summary>What all clients met. Safe to use from many threads.</summary>
/// <param name="output">Hears of the first faults.</param>
internal sealed class FleetNotes(TextWriter output)
{
    /// <summary>More would say the same.</summary>
    private const int FaultsShown = 20;

    private readonly ConcurrentDictionary<string, long> disconnections = new();
    private readonly ConcurrentDictionary<string, long> predictionErrors = new();
    private readonly ConcurrentDictionary<string, long> refusals = new();
    private ConcurrentQueue<Receipt> receipts = new();
    private LatencyHistogram latency = new();
    private long unreadable;
    private int shown;

    /// <summary>Connections that ended, by how.</summary>
    public IReadOnlyDictionary<string, long> Disconnections => Sorted(disconnections);

    /// <summary>Ticks that made no prediction as clients were told, by code; each client is told.</summary>
    public IReadOnlyDictionary<string, long> PredictionErrors => Sorted(predictionErrors);

    /// <summary>Subscriptions refused, by code; they were made again.</summary>
    public IReadOnlyDictionary<string, long> Refusals => Sorted(refusals);

    /// <summary>Messages that are not of the protocol.</summary>
    public long UnreadableMessages => Interlocked.Read(ref unreadable);

    /// <summary>From a prediction's own time to the client's.</summary>
    public LatencyHistogram Latencies => latency;

    public void Disconnected(string how) => Count(disconnections, how);

    public void PredictionError(string code) => Count(predictionErrors, code);

    public void Refused(string code) => Count(refusals, code);

    public void Unreadable(int client, string why)
    {
        Interlocked.Increment(ref unreadable);
        Fault(client, why);
    }

    /// <summary>A part of what came, for holding against the log's own times.</summary>
    public IReadOnlyCollection<Receipt> Receipts => receipts;

    public void Latency(TimeSpan age) => latency.Record(age);

    public void Receive(Receipt receipt) => receipts.Enqueue(receipt);

    /// <summary>Something that must not be.</summary>
    public void Fault(int client, string what)
    {
        var count = Interlocked.Increment(ref shown);
        if (count <= FaultsShown) output.WriteLine($"! client {client}: {what}");
        if (count == FaultsShown) output.WriteLine("! further faults of clients are counted and not shown");
    }

    /// <summary>Forgets the latencies of the warm-up.</summary>
    public void BeginMeasuring() => (latency, receipts) = (new LatencyHistogram(), new ConcurrentQueue<Receipt>());

    private static void Count(ConcurrentDictionary<string, long> counts, string key) => counts.AddOrUpdate(key, 1, (_, n) => n + 1);

    private static Dictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts) =>
        counts.OrderByDescending(c => c.Value).ToDictionary(c => c.Key, c => c.Value);
}
