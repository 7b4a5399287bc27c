namespace Trm.Cli.Top;

/// <summary>The rate of a counter over the last minute. One that goes back has started over, and so does the rate.</summary>
/// <param name="time">A clock that only goes forward.</param>
internal sealed class RateWindow(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Queue<(long At, long Count)> samples = new();
    private (long At, long Count) newest;

    /// <summary>Counts by the second; null until there are two samples.</summary>
    public double? PerSecond => samples.TryPeek(out var oldest) && oldest.At != newest.At
        ? (newest.Count - oldest.Count) / time.GetElapsedTime(oldest.At, newest.At).TotalSeconds
        : null;

    /// <summary>Adds what the counter says now.</summary>
    public void Add(long count)
    {
        if (count < newest.Count) samples.Clear();
        newest = (time.GetTimestamp(), count);
        samples.Enqueue(newest);
        while (samples.Count > 2 && time.GetElapsedTime(samples.Peek().At, newest.At) > Length) samples.Dequeue();
    }
}
