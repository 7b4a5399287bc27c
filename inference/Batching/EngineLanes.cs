using System.Numerics;
using Trm.Inference.Engine;

namespace Trm.Inference.Batching;

/// <summary>
/// An engine, the batches it runs at once, and what they cost: apart for one, two, four … at once, because batches that run
/// beside each other share what they wait for (a memory, a core) more or less. Under the scheduler's lock, but for the engine.
/// </summary>
internal sealed class EngineLanes
{
    // Fewer lanes must be this much quicker before a free one is left idle: a row that comes meanwhile waits longer then.
    private const double WorthWaiting = 0.85;

    private readonly CostModel[] costs;

    public EngineLanes(IInferenceEngine engine, int lanes, Func<EngineLanes, BatchLane> create)
    {
        Engine = engine;
        costs = [.. Enumerable.Range(0, BitOperations.Log2((uint)lanes) + 1).Select(_ => new CostModel())];
        Lanes = [.. Enumerable.Range(0, lanes).Select(_ => create(this))];
    }

    public IInferenceEngine Engine { get; }

    public BatchLane[] Lanes { get; }

    /// <summary>Batches in the engine, and those that lanes were called for.</summary>
    public int Busy => Load().Lanes;

    /// <summary>Seconds of a batch while so many run, itself included.</summary>
    public double Estimate(int rows, int busy) => CostAt(busy).Estimate(rows);

    /// <summary>Takes a measurement of a batch that was one of so many.</summary>
    public void Record(int rows, int busy, double seconds) => CostAt(busy).Record(rows, seconds);

    /// <summary>It was free, and another engine was taken.</summary>
    public void PassedOver()
    {
        if (Busy > 0) return;
        foreach (var cost in costs) cost.PassedOver();
    }

    /// <summary>A lane that runs nothing, and how many of the waiting rows it is to take; null when they had better wait.</summary>
    public (BatchLane Lane, int Rows)? LaneFor(int waiting, int limit) =>
        Array.Find(Lanes, lane => lane.State == LaneState.Idle) is { } lane && Share(waiting, limit) is > 0 and var rows ? (lane, rows) : null;

    /// <summary>
    /// How many of the waiting rows one more lane is to take: its part of all that is there, so that lanes finish about
    /// together and a large request uses them all; 0 when those that run are as many as pays.
    /// </summary>
    public int Share(int waiting, int limit)
    {
        var (busy, rows) = Load();
        var lanes = LanesFor(waiting + rows);
        return busy >= lanes ? 0 : Math.Min(PartOf(waiting + rows, lanes), Math.Min(waiting, limit));
    }

    /// <summary>Seconds until waiting rows would be done here.</summary>
    public double SecondsToFinish(int rows, long now)
    {
        var lanes = LanesFor(rows);
        return SecondsToFree(lanes, now) + Estimate(PartOf(rows, lanes), lanes);
    }

    /// <summary>A way to run them was taken; the others are measured no more, and forgiven.</summary>
    public void Took(int busy)
    {
        foreach (var cost in costs)
        {
            if (cost != CostAt(busy)) cost.PassedOver();
        }
    }

    // What was never measured costs nothing, and of equals the more wins: lanes are used until that is known not to pay.
    private int LanesFor(int rows)
    {
        var (best, seconds) = (Lanes.Length, Estimate(PartOf(rows, Lanes.Length), Lanes.Length));
        for (var lanes = 1 << (costs.Length - 1); lanes > 0; lanes >>= 1)
        {
            if (lanes == Lanes.Length || lanes > rows) continue;
            var fewer = Estimate(PartOf(rows, lanes), lanes);
            if (fewer < WorthWaiting * seconds) (best, seconds) = (lanes, fewer);
        }
        return best;
    }

    // Until fewer lanes than these are busy.
    private double SecondsToFree(int lanes, long now)
    {
        if (Busy < lanes) return 0;
        var first = double.MaxValue;
        foreach (var lane in Lanes) first = IsBusy(lane) ? Math.Min(first, lane.SecondsToIdle(now)) : first;
        return first;
    }

    private (int Lanes, int Rows) Load()
    {
        var (lanes, rows) = (0, 0);
        foreach (var lane in Lanes)
        {
            if (!IsBusy(lane)) continue;
            lanes++;
            rows += lane.Rows;
        }
        return (lanes, rows);
    }

    private CostModel CostAt(int busy) => costs[Math.Min(BitOperations.Log2((uint)Math.Max(1, busy)), costs.Length - 1)];

    private static bool IsBusy(BatchLane lane) => lane.State is LaneState.Running or LaneState.Called;

    private static int PartOf(int rows, int lanes) => (rows + lanes - 1) / lanes;
}
