using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Telemetry;

public class StalenessMeterTests
{
    [Fact]
    public async Task A_live_markets_staleness_grows_while_nothing_comes()
    {
        var time = new FakeTimeProvider(Make.Noon);
        var meter = new StalenessMeter(time);
        meter.OnPrediction(await PredictionAsync(SnapshotOrigin.Live, "stale-live"));
        meter.OnPrediction(await PredictionAsync(SnapshotOrigin.Replay, "stale-replay"));
        time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(90));

        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "trm.market.staleness") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => seen[(string)tags[0].Value!] = value);
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(90, seen["stale-live"]);
        Assert.DoesNotContain("stale-replay", seen.Keys);
    }

    private static async Task<Prediction> PredictionAsync(SnapshotOrigin origin, string market)
    {
        var pipeline = await PredictionPipeline.OpenAsync(market, new FakePredictor(), new InMemoryLog(), new RecordingPublisher(), TimeProvider.System);
        return (await pipeline.ProcessAsync(Make.Snapshot(1) with { Market = market, Origin = origin, AsOf = Make.Noon.AddDays(1) }))!;
    }
}
