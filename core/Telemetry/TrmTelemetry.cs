using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Trm.Core.Telemetry;

/// <summary>
/// The one list of spans and metrics (<c>trm.market.staleness</c> is kept by <see cref="StalenessMeter"/>). Nothing is recorded, and next to nothing paid, until something listens.
/// </summary>
public static class TrmTelemetry
{
    /// <summary>Name of the ActivitySource and of the Meter.</summary>
    public const string Name = "Trm";

    private static readonly string? Version = typeof(TrmTelemetry).Assembly.GetName().Version?.ToString(3);

    // 50 µs to 10 s, about three to a decade: from one managed prediction to a tick that timed out.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
        [
            0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
        ],
    };

    private static readonly AsyncLocal<ActivityContext?> callerElsewhere = new();

    /// <summary>Spans.</summary>
    public static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>Metrics.</summary>
    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>Predictions by <c>market</c> and <c>strategy</c>, and failed ticks by <c>market</c> and <c>error</c>.</summary>
    public static Counter<long> Predictions { get; } = Meter.CreateCounter<long>("trm.predictions", "{prediction}", "Predictions made, or ticks that made none.");

    /// <summary>Time in the model, normalisation included.</summary>
    public static Histogram<double> InferenceDuration { get; } = Meter.CreateHistogram("trm.inference.duration", "s", "Time in the model.", advice: Seconds);

    /// <summary>Time a prediction waited for an engine; 0 when one was free.</summary>
    public static Histogram<double> InferenceQueueDuration { get; } = Meter.CreateHistogram("trm.inference.queue.duration", "s", "Time a prediction waited for an engine.", advice: Seconds);

    /// <summary>Predictions that went through the model together.</summary>
    public static Histogram<int> InferenceBatchSize { get; } = Meter.CreateHistogram(
        "trm.inference.batch_size", "{prediction}", "Predictions that went through the model together.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] });

    /// <summary>Time to make a prediction durable.</summary>
    public static Histogram<double> AppendDuration { get; } = Meter.CreateHistogram("trm.append.duration", "s", "Time to append a prediction to the log.", advice: Seconds);

    /// <summary>From a snapshot's emission to the socket write of its prediction, once per client.</summary>
    public static Histogram<double> SnapshotToSocket { get; } = Meter.CreateHistogram("trm.snapshot_to_socket.duration", "s", "From a snapshot's emission to the socket write of its prediction.", advice: Seconds);

    /// <summary>Open client connections by <c>transport</c> (websocket, sse).</summary>
    public static UpDownCounter<long> Connections { get; } = Meter.CreateUpDownCounter<long>("trm.gateway.connections", "{connection}", "Open client connections.");

    /// <summary>
    /// Client connections that ended, by <c>transport</c> and <c>reason</c>: closed, lost, too_slow, too_large, access_ended,
    /// restart, failed.
    /// </summary>
    public static Counter<long> Disconnections { get; } = Meter.CreateCounter<long>("trm.gateway.disconnections", "{connection}", "Client connections that ended.");

    /// <summary>Messages to clients by <c>outcome</c>: sent, conflated, dropped.</summary>
    public static Counter<long> Messages { get; } = Meter.CreateCounter<long>("trm.gateway.messages", "{message}", "Messages to clients.");

    /// <summary>Sessions whose outcome was recorded, by <c>market</c>.</summary>
    public static Counter<long> Outcomes { get; } = Meter.CreateCounter<long>("trm.outcomes.recorded", "{session}", "Sessions whose outcome was recorded.");

    /// <summary>Attempts to record outcomes that failed, by <c>market</c> and <c>error</c>; each is made again.</summary>
    public static Counter<long> OutcomeFailures { get; } = Meter.CreateCounter<long>("trm.outcomes.failures", "{attempt}", "Attempts to record outcomes that failed.");

    /// <summary>The same as <see cref="SnapshotToSocket"/>, for the service's own health page.</summary>
    public static LatencyHistogram SnapshotToSocketLatency { get; } = new();

    /// <summary>Counts one delivery in both histograms.</summary>
    public static void RecordSnapshotToSocket(TimeSpan duration)
    {
        SnapshotToSocket.Record(duration.TotalSeconds);
        SnapshotToSocketLatency.Record(duration);
    }

    /// <summary>
    /// Reports <c>trm.drift</c> from now on: the population stability index of each feature against the model's training rows, by
    /// <c>market</c> and <c>feature</c>; a number without a unit.
    /// </summary>
    public static void ObserveDrift(Func<IEnumerable<(string Market, string Feature, double Index)>> read) => Meter.CreateObservableGauge(
        "trm.drift",
        () => read().Select(f => new Measurement<double>(f.Index, new KeyValuePair<string, object?>("market", f.Market), new KeyValuePair<string, object?>("feature", f.Feature))),
        "{index}", // not "1": Prometheus would call that a ratio
        "How far a feature has moved from the model's training rows.");

    /// <summary>Starts the root of a prediction's trace, <c>trm.snapshot</c>; null when nobody listens.</summary>
    public static Activity? StartSnapshot(string market) =>
        Source.StartActivity("trm.snapshot", ActivityKind.Internal, default(ActivityContext))?.SetTag("trm.market", market);

    /// <summary>
    /// The traceparent of a tick: its span's when someone listens, else a fresh, unsampled one, so that a
    /// prediction can be found in the logs by its trace id either way.
    /// </summary>
    public static string TraceParentOf(Activity? snapshot) =>
        snapshot?.Id ?? $"00-{ActivityTraceId.CreateRandom().ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-00";

    /// <summary>
    /// The recorded span for which the code here works: the current one, else the one that <see cref="ContinueTrace"/> told of; null
    /// when there is none or nobody listens.
    /// </summary>
    public static ActivityContext? Caller =>
        !Source.HasListeners() ? null : Activity.Current is { Recorded: true } current ? current.Context : callerElsewhere.Value;

    /// <summary>Says for which span, of another grain or process, the calling method and what it awaits work.</summary>
    /// <param name="traceParent">A W3C <c>traceparent</c>; nothing is done when it is null, malformed or not recorded.</param>
    public static void ContinueTrace(string? traceParent)
    {
        if (TryParseRecorded(traceParent, out var caller)) callerElsewhere.Value = caller;
    }

    /// <summary>
    /// Starts a child of the tick, wherever it runs: <c>trm.predict</c>, <c>trm.append</c>, <c>trm.publish</c> or
    /// <c>trm.deliver</c>. Null when nobody listens or the tick's trace is not recorded. <c>trm.queue</c> and <c>trm.infer</c>,
    /// children of <c>trm.predict</c>, are made where batches are.
    /// </summary>
    public static Activity? StartChild(string name, string traceParent) =>
        TryParseRecorded(traceParent, out var parent) ? Source.StartActivity(name, ActivityKind.Internal, parent) : null;

    private static bool TryParseRecorded(string? traceParent, out ActivityContext context)
    {
        context = default;
        return Source.HasListeners() && ActivityContext.TryParse(traceParent, null, isRemote: true, out context) && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
    }
}
