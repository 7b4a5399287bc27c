namespace Trm.Core.Snapshots;

/// <summary>
/// When a market's ticks are due. They keep their rhythm: due times do not drift by the time a tick takes, a tick that comes late
/// moves none after it, and those missed altogether are skipped.
/// </summary>
/// <param name="interval">Time between ticks; zero is at once.</param>
/// <param name="time">The clock.</param>
public sealed class TickRhythm(TimeSpan interval, TimeProvider time)
{
    private readonly long step = (long)(interval.TotalSeconds * time.TimestampFrequency);

    /// <summary>Ticks follow each other at once.</summary>
    public bool IsFreeRunning => step <= 0;

    /// <summary>When the tick after one is due, as a <see cref="TimeProvider.GetTimestamp"/>; in the past when it is late.</summary>
    /// <param name="due">When that one was due.</param>
    public long After(long due)
    {
        var now = time.GetTimestamp();
        return IsFreeRunning ? now : due + (step * Math.Max(1, (now - due) / step));
    }

    /// <summary>Time from now until a tick; zero when it is late.</summary>
    public TimeSpan Until(long due)
    {
        var now = time.GetTimestamp();
        return due <= now ? TimeSpan.Zero : time.GetElapsedTime(now, due);
    }
}
