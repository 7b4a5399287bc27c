using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Telemetry;
using Trm.Inference.Batching;

namespace Trm.Inference.Tests.Batching;

public sealed class BatchSpansTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeEngine engine = new();
    private readonly BatchingPredictor predictor;
    private readonly ConcurrentQueue<Activity> spans = [];
    private readonly ActivityListener listener;

    public BatchSpansTests()
    {
        predictor = new BatchingPredictor(RandomModel.Model(), engine, new BatchingOptions { Workers = 1 }, time);
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrmTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await predictor.DisposeAsync();
    }

    [Fact]
    public async Task Callers_that_share_a_batch_share_its_span_and_each_has_its_own_wait_and_a_link_to_it()
    {
        await ShareAsync();
        var callers = await ShareAsync(); // Requests are used again.

        var infer = Assert.Single(SpansOf(callers), span => span.OperationName == "trm.infer");
        Assert.Equal(callers[0].Context, ParentOf(infer));
        Assert.Equal([callers[1].Context, callers[2].Context], infer.Links.Select(link => link.Context));
        Assert.Equal([new("trm.batch_size", 3), new("trm.engine", "fake")], infer.TagObjects);

        var waits = SpansOf(callers).Where(span => span.OperationName == "trm.queue").ToList();
        Assert.Equal(callers.Select(caller => caller.Context), waits.Select(ParentOf));
        Assert.All(waits, wait => Assert.Equal((infer.StartTimeUtc, 3.0), (wait.StartTimeUtc + wait.Duration, wait.Duration.TotalSeconds)));
        Assert.Equal([[], [infer.Context], [infer.Context]], waits.Select(wait => wait.Links.Select(link => link.Context)));
    }

    [Fact]
    public async Task A_prediction_alone_has_the_span_of_a_batch_of_one()
    {
        var caller = await AskAsync(1);

        // It may have waited: a thread that the pool's other work wants is not kept.
        var infer = Assert.Single(SpansOf(caller), span => span.OperationName != "trm.queue");
        Assert.Equal(("trm.infer", caller.Context), (infer.OperationName, ParentOf(infer)));
        Assert.Empty(infer.Links);
    }

    [Fact]
    public async Task Who_leaves_the_queue_sees_in_the_trace_how_long_it_waited()
    {
        using var cancel = new CancellationTokenSource();
        var busy = await OccupyAsync();
        var asked = AskAsync(1, cancel.Token);
        time.Advance(TimeSpan.FromSeconds(3));
        await cancel.CancelAsync();
        var caller = await asked;
        engine.Release();
        await busy;

        var wait = Assert.Single(SpansOf(caller));
        Assert.Equal(("trm.queue", ActivityStatusCode.Error), (wait.OperationName, wait.Status));
        Assert.InRange(wait.Duration, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public async Task A_batch_that_fails_is_followed_by_a_span_of_each_callers_own_try()
    {
        engine.Before = rows =>
        {
            if (rows.Length > FeatureNames.Count) throw new InvalidOperationException("one by one, please");
        };
        var busy = await OccupyAsync();
        var asked = new[] { AskAsync(1), AskAsync(2) };
        engine.Release();
        var callers = await Task.WhenAll(asked);
        await busy;

        var tries = SpansOf(callers).Where(span => span.OperationName == "trm.infer");
        Assert.Equal(
            [(callers[0].Context, ActivityStatusCode.Error), (callers[0].Context, ActivityStatusCode.Unset), (callers[1].Context, ActivityStatusCode.Unset)],
            tries.Select(span => (ParentOf(span), span.Status)));
    }

    [Fact]
    public void Where_no_trace_is_recorded_spans_allocate_nothing()
    {
        using var caller = new Activity("not recorded").Start();
        var slices = new List<BatchSlice> { new(new BatchRequest(null!, 1), 0, 1) };
        Trace();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Trace();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Trace()
        {
            using var one = BatchSpans.StartInfer(TrmTelemetry.Caller, 1, "engine");
            using var infer = BatchSpans.StartInfer(slices, 1, "engine");
            BatchSpans.AddQueue(slices[0].Request.Caller, TimeSpan.Zero, infer);
            BatchSpans.AddQueue(slices[0].Request.Caller, TimeSpan.Zero);
        }
    }

    /// <summary>Three wait for three seconds, and get their answers from one batch.</summary>
    private async Task<Activity[]> ShareAsync()
    {
        var busy = await OccupyAsync();
        var asked = Enumerable.Range(1, 3).Select(i => AskAsync(i)).ToArray();
        time.Advance(TimeSpan.FromSeconds(3));
        engine.Release();
        await busy;
        return await Task.WhenAll(asked);
    }

    // From another thread: a lone caller may run the engine on its own, and this one would wait there with it.
    private async Task<Task<Activity>> OccupyAsync()
    {
        engine.Clear();
        engine.Hold();
        var busy = Task.Run(() => AskAsync(0));
        await engine.EnteredAsync();
        return busy;
    }

    /// <summary>Asks in a trace of its own.</summary>
    /// <returns>The caller's span, when it has its answer or was cancelled.</returns>
    private async Task<Activity> AskAsync(int row, CancellationToken cancellation = default)
    {
        Activity.Current = null;
        using var caller = TrmTelemetry.Source.StartActivity("trm.predict")!;
        try
        {
            await predictor.PredictAsync(RandomModel.Features.With(0, row), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As a caller that was in a hurry.
        }
        return caller;
    }

    private List<Activity> SpansOf(params Activity[] callers) =>
        [.. spans.Where(span => callers.Any(caller => caller != span && caller.TraceId == span.TraceId))];

    private static ActivityContext ParentOf(Activity span) => new(span.TraceId, span.ParentSpanId, ActivityTraceFlags.Recorded);
}
