using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Server;

/// <summary>
/// Sums of the counters of <c>trm.gateway.…</c>, by name and tags, as a collector would see them. Listening has its price for
/// each message, so the host does it only when asked to.
/// </summary>
internal sealed class GatewayMeter : IDisposable
{
    private readonly ConcurrentDictionary<string, long> sums = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();

    public GatewayMeter()
    {
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == TrmTelemetry.Name && instrument.Name.StartsWith("trm.gateway.", StringComparison.Ordinal)) me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary><c>trm.gateway.messages{outcome=sent}</c> and the like.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        // An observable instrument tells its whole value each time.
        listener.RecordObservableInstruments();
        return sums.OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(s => s.Key, s => s.Value);
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = instrument.Name;
        if (tags.Length > 0)
        {
            var texts = new string[tags.Length];
            for (var i = 0; i < tags.Length; i++) texts[i] = string.Create(CultureInfo.InvariantCulture, $"{tags[i].Key}={tags[i].Value}");
            key = $"{key}{{{string.Join(',', texts)}}}";
        }
        if (instrument.IsObservable) sums[key] = value;
        else sums.AddOrUpdate(key, static (_, added) => added, static (_, sum, added) => sum + added, value);
    }
}
