using System.Diagnostics;
using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_live_delivery_is_timed_and_neither_the_latest_on_connect_nor_a_replay_is()
    {
        const string Subscribe = """{"type":"subscribe","since":{"m":{"sequence":0,"epoch":"0f8fad5b-d9cb-469f-a165-70867728950e"} } }""";
        await using var host = await GatewayHost.StartAsync();
        // Other tests count nothing: their predictions have no timestamp of emission.
        host.Feed.Publish(count: 3, change: p => p with { EmittedTimestamp = Ago(seconds: 4_000) });
        await using var client = await host.ConnectAsync();
        await client.NextSequenceAsync();
        await client.SendAsync(Subscribe);
        await client.SequencesAsync(3);
        host.Feed.Publish(change: p => p with { EmittedTimestamp = Ago(seconds: 3_000) });
        await client.NextSequenceAsync();
        await GatewayHost.UntilAsync(() => TrmTelemetry.SnapshotToSocketLatency.Count > 0);
        Assert.Equal(1, TrmTelemetry.SnapshotToSocketLatency.Count);
        Assert.InRange(TrmTelemetry.SnapshotToSocketLatency.Max.TotalSeconds, 3_000, 3_999);
    }

    [Fact]
    public void A_prediction_has_one_deliver_span_in_the_ticks_trace_however_many_clients_take_it()
    {
        var spans = new List<Activity>();
        var prediction = Samples.Prediction() with { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-00f067aa0ba902b7-01" };
        var frame = PredictionFrame.Of(prediction, Samples.Start);
        frame.TraceFirstDelivery();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrmTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { if (span.TraceId.ToHexString() == prediction.TraceId) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        frame.TraceFirstDelivery();
        frame.TraceFirstDelivery();
        var span = Assert.Single(spans);
        Assert.Equal("trm.deliver", span.OperationName);
        Assert.Equal("00f067aa0ba902b7", span.ParentSpanId.ToHexString());
        Assert.Equal(Samples.Start.UtcDateTime, span.StartTimeUtc);
    }

    private static long Ago(long seconds) => Stopwatch.GetTimestamp() - (Stopwatch.Frequency * seconds);
}
