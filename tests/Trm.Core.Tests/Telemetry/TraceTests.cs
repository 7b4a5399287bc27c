using System.Collections.Concurrent;
using System.Diagnostics;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Telemetry;

public class TraceTests
{
    [Fact]
    public async Task A_tick_is_one_trace_through_predict_append_and_publish_and_the_prediction_carries_it()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrmTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        string traceParent;
        using (var tick = TrmTelemetry.StartSnapshot("m")) traceParent = TrmTelemetry.TraceParentOf(tick);
        var pipeline = await PredictionPipeline.OpenAsync("m", new FakePredictor(), new InMemoryLog(), new RecordingPublisher(), TimeProvider.System);
        var prediction = await pipeline.ProcessAsync(Make.Snapshot(1) with { TraceParent = traceParent });

        var trace = spans.Where(s => s.TraceId.ToHexString() == prediction!.TraceId).Select(s => s.OperationName).Order();
        Assert.Equal(["trm.append", "trm.predict", "trm.publish", "trm.snapshot"], trace);
    }

    [Fact]
    public void A_tick_that_is_not_sampled_has_no_span_anywhere()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrmTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);

        Assert.Null(TrmTelemetry.StartChild("trm.append", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
    }

    [Fact]
    public void Without_a_listener_a_tick_has_a_trace_id_all_the_same()
    {
        var traceParent = TrmTelemetry.TraceParentOf(null);

        Assert.True(ActivityContext.TryParse(traceParent, null, out var context));
        Assert.Equal(ActivityTraceFlags.None, context.TraceFlags);
    }
}
