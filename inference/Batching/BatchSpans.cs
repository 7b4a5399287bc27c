using System.Diagnostics;
using Trm.Core.Telemetry;

namespace Trm.Inference.Batching;

/// <summary>
/// The spans of a prediction between its question and its answer: <c>trm.queue</c> until its batch begins, where it waited, and
/// <c>trm.infer</c> of the batch. A batch of several callers has one span, in the trace of the first of them, with a link to each of
/// the others; their <c>trm.queue</c> is linked to it. Nothing is made, nor allocated, where no trace is recorded.
/// </summary>
internal static class BatchSpans
{
    /// <summary>Starts the span of rows of one caller.</summary>
    public static Activity? StartInfer(ActivityContext? caller, int rows, string engine) => StartInfer(caller, rows, engine, links: null);

    /// <summary>Starts the span of a batch.</summary>
    public static Activity? StartInfer(List<BatchSlice> slices, int rows, string engine)
    {
        ActivityContext? first = null;
        List<ActivityLink>? others = null;
        foreach (var slice in slices)
        {
            if (slice.Request.Caller is not { } caller || caller == first) continue;
            if (first is null) first = caller;
            else (others ??= []).Add(new ActivityLink(caller));
        }
        return StartInfer(first, rows, engine, others);
    }

    /// <summary>Adds the span of a request's wait, now that its batch begins.</summary>
    public static void AddQueue(ActivityContext? caller, TimeSpan waited, Activity? infer)
    {
        if (caller is not { } asker || infer is null) return;
        ActivityLink[] links = infer.ParentSpanId == asker.SpanId ? [] : [new ActivityLink(infer.Context)];
        using var queue = StartQueue(asker, links);
        queue?.SetStartTime(infer.StartTimeUtc - waited).SetEndTime(infer.StartTimeUtc);
    }

    /// <summary>Adds the span of a request that left the queue before any batch took it.</summary>
    public static void AddQueue(ActivityContext? caller, TimeSpan waited)
    {
        if (caller is not { } asker) return;
        using var queue = StartQueue(asker, []);
        queue?.SetStartTime(queue.StartTimeUtc - waited).SetStatus(ActivityStatusCode.Error, "cancelled while it waited");
    }

    private static Activity? StartInfer(ActivityContext? caller, int rows, string engine, IEnumerable<ActivityLink>? links) => caller is not { } asker
        ? null
        : TrmTelemetry.Source.StartActivity("trm.infer", ActivityKind.Internal, asker, links: links)
            ?.SetTag("trm.batch_size", rows).SetTag("trm.engine", engine);

    private static Activity? StartQueue(ActivityContext caller, ActivityLink[] links) =>
        TrmTelemetry.Source.StartActivity("trm.queue", ActivityKind.Internal, caller, links: links);
}
