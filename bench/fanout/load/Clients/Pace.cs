namespace Trm.Bench.FanOut.Clients;

/// <summary>
/// The closed loop that every server is measured in: so many broadcasts are on their way at once and no more, so that nothing
/// piles up and none is favoured by larger buffers. With one, no server can spare sends by merging two messages of a client.
/// </summary>
/// <param name="clients">Clients that each get every broadcast.</param>
/// <param name="ahead">Broadcasts on their way at once.</param>
/// <param name="grant">Tells the server how many broadcasts in all it may make.</param>
internal sealed class Pace(int clients, int ahead, Action<long> grant)
{
    // By broadcast, modulo: more than can be on their way.
    private readonly int[] arrived = new int[Math.Max(8, 2 * ahead)];
    private bool stopping;

    /// <summary>Broadcasts that every client has.</summary>
    public long Completed { get; private set; }

    /// <summary>Broadcasts that the server may make in all.</summary>
    public long Granted { get; private set; }

    /// <summary>Everything that was granted has arrived.</summary>
    public bool IsDone => Completed == Granted;

    public void Start()
    {
        Granted = ahead;
        grant(Granted);
    }

    /// <summary>Grants no more.</summary>
    public void Stop() => stopping = true;

    /// <summary>A client got its so-manieth broadcast since the start.</summary>
    public void OnArrival(long broadcast)
    {
        ref var count = ref arrived[broadcast % arrived.Length];
        if (++count < clients) return;
        count = 0;
        Completed++;
        if (stopping) return;
        Granted++;
        grant(Granted);
    }
}
