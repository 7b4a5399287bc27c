using Trm.Core.Local;

namespace Trm.Bench.FanOut.Server;

/// <summary>Makes predictions, appends and publishes them as the pipeline does: at once up to a number, or at a rate.</summary>
internal sealed class Publisher(LocalPredictionFeed feed, MemoryLog log, SamplePredictions predictions, TimeProvider time)
{
    private readonly Lock gate = new();
    private int rates; // how many were set: the timer of an older one ends at its next tick
    private long published;

    /// <summary>How many were published: the last sequence.</summary>
    public long Published => Interlocked.Read(ref published);

    /// <summary>Publishes what is left up to so many in all.</summary>
    public void PublishUpTo(long count)
    {
        while (Published < count) Publish();
    }

    /// <summary>From now on so many a second; 0 publishes none.</summary>
    public void SetRate(double perSecond)
    {
        var rate = Interlocked.Increment(ref rates);
        if (perSecond > 0) _ = RunAsync(TimeSpan.FromSeconds(1 / perSecond), rate);
    }

    private async Task RunAsync(TimeSpan interval, int rate)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false) && rate == Volatile.Read(ref rates)) Publish();
    }

    private void Publish()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var timestamp = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
            var prediction = predictions.Make(published + 1, timestamp, time.GetTimestamp());
            Complete(log.AppendAsync(prediction));
            Complete(feed.PublishAsync(prediction).AsTask());
            Interlocked.Increment(ref published);
        }
    }

    // Log and feed are in memory: there is nothing to wait for.
    private static void Complete(Task done) => done.GetAwaiter().GetResult();
}
