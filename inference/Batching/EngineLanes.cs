using Trm.Inference.Engine;

namespace Trm.Inference.Batching;

/// <summary>An engine, what it costs, and the batches it runs at once. Under the scheduler's lock, but for the engine.</summary>
internal sealed class EngineLanes(IInferenceEngine engine)
{
    public IInferenceEngine Engine => engine;

    public CostModel Cost { get; } = new();

    public BatchLane[] Lanes { get; set; } = [];

    /// <summary>A lane that runs nothing; null when all are busy.</summary>
    public BatchLane? Idle() => Array.Find(Lanes, lane => lane.State == LaneState.Idle);

    /// <summary>
    /// How many of the waiting rows a lane takes: its part of all that is there, so that lanes finish about together and a
    /// large request uses them all.
    /// </summary>
    public int Share(int waiting, int limit)
    {
        var all = waiting;
        foreach (var lane in Lanes) all += lane.State == LaneState.Running ? lane.Rows : 0;
        return Math.Clamp(PartOf(all), 0, Math.Min(waiting, limit));
    }

    /// <summary>Seconds until rows that wait would be done here, once what runs here is done.</summary>
    public double SecondsToFinish(int rows, long now)
    {
        var free = double.MaxValue;
        foreach (var lane in Lanes) free = Math.Min(free, lane.SecondsToIdle(now));
        return free + Cost.Estimate(PartOf(rows));
    }

    private int PartOf(int rows) => (rows + Lanes.Length - 1) / Lanes.Length;
}
