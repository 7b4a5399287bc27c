namespace Trm.Cluster.Tests.Support;

/// <summary>Loses the events of one stream until it is told to stop; those of other tests go their way.</summary>
internal sealed class Losses
{
    private readonly Func<string, string, bool> mine;
    private readonly StreamTap tap;
    private volatile bool isOver;
    private int count;

    /// <param name="tap">The silos' streams.</param>
    /// <param name="space">Namespace of the stream.</param>
    /// <param name="key">Key of the stream.</param>
    /// <param name="fails">The queue does not answer, rather than lose it silently.</param>
    public Losses(StreamTap tap, string space, string key, bool fails = false)
    {
        this.tap = tap;
        mine = (s, k) =>
        {
            if (isOver || s != space || k != key) return false;
            Interlocked.Increment(ref count);
            return fails ? throw new TimeoutException("the queue's silo is gone") : true;
        };
        tap.Add(mine);
    }

    public int Count => Volatile.Read(ref count);

    public void Stop()
    {
        isOver = true;
        tap.Remove(mine);
    }
}
