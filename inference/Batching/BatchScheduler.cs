using System.Collections.Concurrent;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;

namespace Trm.Inference.Batching;

/// <summary>
/// One queue before all engines. A lane that becomes free takes what waits; with several engines each batch goes to the one
/// that the cost models say finishes it first, also when that one is busy yet. A row that finds a free lane and nobody
/// waiting is run by its caller.
/// </summary>
internal sealed class BatchScheduler
{
    // A turn given away takes about a microsecond when nobody wants it: far less than any batch.
    private const int TurnsForCallers = 50;

    private readonly Lock gate = new();
    private readonly RequestQueue queue = new();
    private readonly ConcurrentQueue<BatchRequest> spare = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BatchingOptions options;
    private readonly TimeProvider time;
    private readonly EngineLanes[] engines;
    private readonly ITimer? delay;
    private int lanesAlive;
    private int lastBatch = 1;
    private long delayFor = long.MinValue;
    private bool isClosed;

    public BatchScheduler(ModelInfo model, IReadOnlyList<BatchEngine> engines, BatchingOptions options, TimeProvider time)
    {
        Model = model;
        this.options = options;
        this.time = time;
        if (options.MaxQueueDelay > TimeSpan.Zero) delay = time.CreateTimer(static self => ((BatchScheduler)self!).DelayIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        this.engines = [.. engines.Select(Lanes)];
        foreach (var lane in this.engines.SelectMany(e => e.Lanes)) StartThread(lane);
    }

    public ModelInfo Model { get; }

    /// <summary>Completes when it was closed and the last batch is done: nothing uses the engines any more.</summary>
    public Task Ended => ended.Task;

    /// <summary>Runs a row at once on this thread, or queues it.</summary>
    /// <param name="normalized">Ten z-scores.</param>
    /// <param name="cancellation">Takes it out of the queue.</param>
    /// <param name="output">The answer, or the promise of it.</param>
    /// <returns>False when it is closed.</returns>
    /// <exception cref="PredictorOverloadedException">The queue is full.</exception>
    public bool TryPredict(ReadOnlySpan<float> normalized, CancellationToken cancellation, out ValueTask<ModelOutput> output)
    {
        BatchLane? lane;
        BatchRequest? request = null;
        lock (gate)
        {
            output = default;
            if (isClosed) return false;
            lane = LaneForCaller();
            if (lane is not null) lane.Start(1, time.GetTimestamp());
            else Queue(request = Rent(normalized));
        }
        if (lane is not null)
        {
            output = new(RunHere(lane, normalized));
        }
        else
        {
            output = request!.One;
            request.CancelBy(cancellation);
        }
        return true;
    }

    /// <summary>Queues many rows.</summary>
    /// <returns>False when it is closed.</returns>
    /// <exception cref="PredictorOverloadedException">The queue has no room for all of them.</exception>
    public bool TryPredict(BatchRequest request, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (isClosed) return false;
            Queue(request);
        }
        request.CancelBy(cancellation);
        return true;
    }

    /// <summary>Takes a request out of the queue; false when all of it runs or is done.</summary>
    public bool TryTakeOut(BatchRequest request)
    {
        lock (gate)
        {
            if (!request.IsQueued) return false;
            queue.Remove(request);
            return true;
        }
    }

    /// <summary>Time since a timestamp of its clock.</summary>
    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    /// <summary>Takes a request back whose answer was read.</summary>
    public void Recycle(BatchRequest request) => spare.Enqueue(request);

    /// <summary>Tells how long an engine took for a batch outside of the queue.</summary>
    public void Record(int engine, int rows, int busy, double seconds)
    {
        lock (gate) engines[engine].Record(rows, busy, seconds);
    }

    /// <summary>Takes nothing more; what waits and runs is finished.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            foreach (var lane in engines.SelectMany(e => e.Lanes).Where(l => l.State == LaneState.Idle)) lane.Call(0);
        }
    }

    private EngineLanes Lanes(BatchEngine engine) =>
        new(engine.Engine, engine.Workers, home => new BatchLane(home, options.MaxBatch, time));

    private void StartThread(BatchLane lane)
    {
        lanesAlive++;
        new Thread(() => Work(lane)) { IsBackground = true, Name = $"trm {lane.Home.Engine.Name}" }.UnsafeStart();
    }

    // Two thread hops are saved when there is nobody to share a batch with. Who shared one just now comes back with the
    // others, and work that waits for a thread of the pool may be other callers: keeping this thread would keep them away.
    private BatchLane? LaneForCaller() =>
        queue.Rows == 0 && lastBatch == 1 && delay is null && ThreadPool.PendingWorkItemCount == 0
            ? Choose(1, time.GetTimestamp()).LaneFor(1, 1)?.Lane
            : null;

    private ModelOutput RunHere(BatchLane lane, ReadOnlySpan<float> normalized)
    {
        Span<float> probabilities = stackalloc float[Strategy.Count];
        Span<float> halt = stackalloc float[1];
        double? seconds = null;
        try
        {
            seconds = lane.RunOne(normalized, probabilities, halt, out var error);
            if (error is not null) throw error;
        }
        finally
        {
            lock (gate)
            {
                lane.EndRun(seconds);
                lane.Stop(LaneState.Idle);
                if (isClosed) lane.Call(0);
                else Dispatch();
            }
        }
        return ModelOutputs.Create(Model, normalized, probabilities, halt[0]);
    }

    private BatchRequest Rent(ReadOnlySpan<float> normalized)
    {
        if (!spare.TryDequeue(out var request)) request = new BatchRequest(this, 1);
        normalized.CopyTo(request.Normalized);
        return request;
    }

    private void Queue(BatchRequest request)
    {
        if (queue.Rows + request.Rows > options.QueueLimit) throw new PredictorOverloadedException(request.Rows, queue.Rows, options.QueueLimit);
        request.QueuedAt = time.GetTimestamp();
        request.Caller = TrmTelemetry.Caller;
        queue.Add(request);
        Dispatch();
    }

    // Calls a lane for every row that none was called for yet, as long as the engine that finishes it first has one free.
    private void Dispatch()
    {
        var now = time.GetTimestamp();
        if (MustWait(now)) return;
        var waiting = queue.Rows - CalledFor();
        while (waiting > 0 && Choose(Math.Min(waiting, options.MaxBatch), now).LaneFor(waiting, options.MaxBatch) is var (lane, rows))
        {
            lane.Call(rows);
            waiting -= rows;
        }
    }

    /// <summary>The engine that finishes rows first, if they are given to it now.</summary>
    private EngineLanes Choose(int rows, long now)
    {
        if (engines.Length == 1) return engines[0];
        var (first, seconds) = (engines[0], double.MaxValue);
        foreach (var engine in engines)
        {
            var finished = engine.SecondsToFinish(rows, now);
            if (finished < seconds) (first, seconds) = (engine, finished);
        }
        foreach (var engine in engines)
        {
            if (engine != first) engine.PassedOver();
        }
        return first;
    }

    // Rows that lanes were called for and are about to take.
    private int CalledFor()
    {
        var rows = 0;
        foreach (var engine in engines)
        {
            foreach (var lane in engine.Lanes) rows += lane.State == LaneState.Called ? lane.Rows : 0;
        }
        return rows;
    }

    private bool MustWait(long now)
    {
        if (delay is null || isClosed || queue.First is not { } oldest || queue.Rows >= options.MaxBatch) return false;
        var left = options.MaxQueueDelay - time.GetElapsedTime(oldest.QueuedAt, now);
        if (left <= TimeSpan.Zero) return false;
        if (delayFor == oldest.QueuedAt) return true;
        delayFor = oldest.QueuedAt;
        delay.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        return true;
    }

    private void DelayIsOver()
    {
        lock (gate)
        {
            delayFor = long.MinValue; // A timer that is early is set again.
            Dispatch();
        }
    }

    private void Work(BatchLane lane)
    {
        do
        {
            lane.WaitForCall();
            while (Take(lane))
            {
                var rows = lane.Rows;
                var seconds = lane.Run(out var error);
                lock (gate)
                {
                    // Before the answers, so that who comes back with the next question finds what this one taught.
                    lane.EndRun(seconds);
                }
                lane.Answer(error, Fail);
                LetCallersReturn(rows);
            }
        }
        while (lane.State != LaneState.Ended);
        if (Interlocked.Decrement(ref lanesAlive) > 0) return;
        delay?.Dispose();
        ended.SetResult();
    }

    // Callers that were answered together ask again together, but for the microseconds in which the pool wakes them: taking
    // the first of them at once would run it alone and make the others wait for it.
    private void LetCallersReturn(int answered)
    {
        var waiting = queue.Rows;
        if (waiting > answered || (waiting == 0 && answered == 1)) return;
        var all = Math.Min(waiting + answered, options.MaxBatch);
        for (var turn = 0; turn < TurnsForCallers && queue.Rows < all; turn++) Thread.Yield();
    }

    // What waits now, and not what waited when the lane was called.
    private bool Take(BatchLane lane)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var rows = RowsFor(lane, now);
            if (rows == 0)
            {
                lane.Stop(isClosed ? LaneState.Ended : LaneState.Idle);
                return false;
            }
            lane.Start(rows, now);
            queue.Take(rows, lane.Slices);
            lastBatch = rows;
            Dispatch();
            return true;
        }
    }

    private int RowsFor(BatchLane lane, long now)
    {
        var called = lane.State == LaneState.Called ? lane.Rows : 0;
        lane.Stop(LaneState.Idle);
        if (isClosed) return lane.Home.Share(queue.Rows, options.MaxBatch);
        if (MustWait(now)) return 0;
        var waiting = Math.Max(0, queue.Rows - CalledFor());
        var share = lane.Home.Share(waiting, options.MaxBatch);
        // What came since it was called, or while it ran, may be done sooner by an engine that is busy yet.
        var isOthers = share > called && engines.Length > 1 && Choose(Math.Min(waiting, options.MaxBatch), now) != lane.Home;
        return isOthers ? Math.Min(called, waiting) : share;
    }

    private void Fail(BatchSlice slice, Exception error)
    {
        TryTakeOut(slice.Request); // The rest of it need not run.
        slice.Request.Fail(error);
    }
}
