using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Core.Telemetry;

/// <summary>
/// <c>trm.market.staleness</c>: how old a live market's newest bars are, growing between predictions too, so that an
/// alert sees a feed that stopped. Replayed and simulated markets have no such age.
/// </summary>
public sealed class StalenessMeter : IFeedListener
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> asOf = new(StringComparer.Ordinal);
    private readonly TimeProvider time;

    /// <summary>Starts to report; subscribe it to a feed.</summary>
    /// <param name="time">The clock of the age.</param>
    public StalenessMeter(TimeProvider time)
    {
        this.time = time;
        TrmTelemetry.Meter.CreateObservableGauge("trm.market.staleness", Read, "s", "Age of a market's newest bars.");
    }

    /// <inheritdoc/>
    public void OnPrediction(Prediction prediction)
    {
        if (prediction.Origin == SnapshotOrigin.Live) asOf[prediction.Market] = prediction.AsOf;
    }

    /// <inheritdoc/>
    public void OnError(PredictionError error)
    {
        // The bars it would have been made of age on.
    }

    private IEnumerable<Measurement<double>> Read() => asOf.Select(market =>
        new Measurement<double>((time.GetUtcNow() - market.Value).TotalSeconds, new KeyValuePair<string, object?>("market", market.Key)));
}
