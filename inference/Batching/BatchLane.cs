using System.Diagnostics;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;

namespace Trm.Inference.Batching;

/// <summary>
/// One batch at a time through an engine, with a thread and buffers of its own. The state is the scheduler's, under its lock.
/// </summary>
internal sealed class BatchLane
{
    private readonly TimeProvider time;
    private readonly KeyValuePair<string, object?> tag;
    private readonly float[] normalized;
    private readonly float[] probabilities;
    private readonly float[] halt;
    private readonly object wake = new(); // A monitor, for its Wait and Pulse.
    private bool isWoken;
    private long startedAt;
    private int busyAtStart;

    public BatchLane(EngineLanes home, int maxBatch, TimeProvider time)
    {
        this.time = time;
        Home = home;
        tag = new("engine", home.Engine.Name);
        normalized = new float[maxBatch * FeatureNames.Count];
        probabilities = new float[maxBatch * Strategy.Count];
        halt = new float[maxBatch];
    }

    public EngineLanes Home { get; }

    public LaneState State { get; private set; }

    /// <summary>Rows that it runs, or was called for.</summary>
    public int Rows { get; private set; }

    /// <summary>The requests it runs.</summary>
    public List<BatchSlice> Slices { get; } = [];

    /// <summary>Has rows for its thread; how many, it sees when it takes them.</summary>
    public void Call(int rows)
    {
        (State, Rows) = (LaneState.Called, rows);
        Wake();
    }

    public void Start(int rows, long now)
    {
        (State, Rows, startedAt) = (LaneState.Running, rows, now);
        busyAtStart = Home.Busy;
        Home.Took(busyAtStart);
    }

    /// <summary>The engine is done; callers get their answers next.</summary>
    /// <param name="seconds">What it took; null when it failed.</param>
    public void EndRun(double? seconds)
    {
        // A batch beside which others began or ended says nothing of either.
        if (seconds is { } measured && Home.Busy == busyAtStart) Home.Record(Rows, busyAtStart, measured);
        State = LaneState.Answering;
    }

    public void Stop(LaneState state) => (State, Rows) = (state, 0);

    /// <summary>Seconds until it has nothing to do, as far as the cost model knows.</summary>
    public double SecondsToIdle(long now) => State switch
    {
        // One that is late is expected to be as late again, so that an engine that hangs is soon the wrong choice.
        LaneState.Running => Math.Abs(Home.Estimate(Rows, busyAtStart) - time.GetElapsedTime(startedAt, now).TotalSeconds),
        LaneState.Called => Home.Estimate(Rows, Home.Busy),
        _ => 0,
    };

    /// <summary>Sleeps until called.</summary>
    public void WaitForCall()
    {
        lock (wake)
        {
            while (!isWoken) Monitor.Wait(wake);
            isWoken = false;
        }
    }

    /// <summary>Runs one row on the caller's thread.</summary>
    /// <returns>Seconds in the engine; null when it failed.</returns>
    public double? RunOne(ReadOnlySpan<float> row, Span<float> probabilities, Span<float> halt, out Exception? error)
    {
        TrmTelemetry.InferenceQueueDuration.Record(0, tag);
        using var span = BatchSpans.StartInfer(TrmTelemetry.Caller, 1, Home.Engine.Name);
        return Predict(row, probabilities, halt, span, out error);
    }

    /// <summary>Runs the slices.</summary>
    /// <returns>Seconds in the engine; null when it failed.</returns>
    public double? Run(out Exception? error)
    {
        using var span = BatchSpans.StartInfer(Slices, Rows, Home.Engine.Name);
        Gather(span);
        return Predict(Inputs(0, Rows), Probabilities(0, Rows), halt.AsSpan(0, Rows), span, out error);
    }

    /// <summary>Answers the requests of the slices.</summary>
    /// <param name="error">What the engine said to all of them together, if it failed.</param>
    /// <param name="fail">Ends a request that it fails on alone, too.</param>
    public void Answer(Exception? error, Action<BatchSlice, Exception> fail)
    {
        var first = 0;
        foreach (var slice in Slices)
        {
            // A batch fails as a whole. Each request then has a try of its own, so that only those at fault pay.
            var own = error;
            if (error is not null && Slices.Count > 1)
            {
                using var span = BatchSpans.StartInfer(slice.Request.Caller, slice.Count, Home.Engine.Name);
                Predict(Inputs(first, slice.Count), Probabilities(first, slice.Count), halt.AsSpan(first, slice.Count), span, out own);
            }

            if (own is null) slice.Request.Answer(slice, Probabilities(first, slice.Count), halt.AsSpan(first, slice.Count));
            else fail(slice, own);
            first += slice.Count;
        }
        Slices.Clear();
    }

    private void Wake()
    {
        lock (wake)
        {
            isWoken = true;
            Monitor.Pulse(wake);
        }
    }

    private void Gather(Activity? span)
    {
        var first = 0;
        foreach (var (request, from, count) in Slices)
        {
            if (from == 0)
            {
                var waited = time.GetElapsedTime(request.QueuedAt, startedAt);
                TrmTelemetry.InferenceQueueDuration.Record(waited.TotalSeconds, tag);
                BatchSpans.AddQueue(request.Caller, waited, span);
            }
            request.Normalized.AsSpan(from * FeatureNames.Count, count * FeatureNames.Count).CopyTo(Inputs(first, count));
            first += count;
        }
    }

    private double? Predict(ReadOnlySpan<float> input, Span<float> probabilities, Span<float> halt, Activity? span, out Exception? error)
    {
        var started = time.GetTimestamp();
        try
        {
            Home.Engine.Predict(input, probabilities, halt);
        }
        catch (Exception cause)
        {
            error = new InferenceFailedException(Home.Engine.Name, cause);
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            return null;
        }
        error = null;
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        TrmTelemetry.InferenceBatchSize.Record(halt.Length, tag);
        TrmTelemetry.InferenceDuration.Record(seconds, tag);
        return seconds;
    }

    private Span<float> Inputs(int first, int count) => normalized.AsSpan(first * FeatureNames.Count, count * FeatureNames.Count);

    private Span<float> Probabilities(int first, int count) => probabilities.AsSpan(first * Strategy.Count, count * Strategy.Count);
}
