using Trm.Core.Predictions;
using Trm.Core.Telemetry;

namespace Trm.Gateway.Protocol;

/// <summary>A prediction's message, with what the connections need to order and to time it.</summary>
internal sealed class PredictionFrame : Frame
{
    private readonly string traceParent;
    private int traced;

    private PredictionFrame(Prediction prediction, byte[] text, DateTimeOffset publishedAt) : base(MessageTypes.Prediction, text)
    {
        Market = prediction.Market;
        Epoch = prediction.Epoch;
        Sequence = prediction.Sequence;
        EmittedTimestamp = prediction.EmittedTimestamp;
        PublishedAt = publishedAt;
        traceParent = prediction.TraceParent;
    }

    public string Market { get; }

    public Guid Epoch { get; }

    public long Sequence { get; }

    /// <summary><see cref="Prediction.EmittedTimestamp"/>; 0 when it was not emitted in this process.</summary>
    public long EmittedTimestamp { get; }

    /// <summary>When the fan-out began: the start of <c>trm.deliver</c>.</summary>
    public DateTimeOffset PublishedAt { get; }

    protected override string EventId => $"{Epoch}:{Sequence}";

    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static PredictionFrame Of(Prediction prediction, DateTimeOffset publishedAt) =>
        new(prediction, PredictionJson.Message(prediction), publishedAt);

    /// <summary>
    /// Ends the prediction's trace at the first socket that took it. One span for each prediction, not for each
    /// client: with thousands of clients the trace would cost more than the delivery.
    /// </summary>
    public void TraceFirstDelivery()
    {
        if (!TrmTelemetry.Source.HasListeners() || Interlocked.Exchange(ref traced, 1) != 0) return;
        using var span = TrmTelemetry.StartChild("trm.deliver", traceParent);
        span?.SetTag("trm.market", Market).SetTag("trm.sequence", Sequence).SetStartTime(PublishedAt.UtcDateTime);
    }
}
