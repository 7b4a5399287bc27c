using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Drift;
using Trm.Core.Outcomes;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

public sealed class OutcomeKeeperTests : IAsyncDisposable
{
    private static readonly double[] Rising = [.. Enumerable.Range(0, 400).Select(i => 100.0 + i)];

    private readonly MemoryBars bars = new(TestCloses.Sessions(Rising, Rising));
    private readonly InMemoryLog log = new();
    private readonly MemoryOutcomes outcomes = new();
    private readonly FakePredictor predictor = new();
    private readonly Ear ear = new();
    private readonly FakeTimeProvider time = new(Make.Noon);
    private readonly CancellationTokenSource stop = new();
    private readonly OutcomeKeeper keeper;
    private readonly Task running;

    public OutcomeKeeperTests()
    {
        keeper = new OutcomeKeeper(_ => TestCloses.Market, bars, log, outcomes, predictor, ear, time);
        running = keeper.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        stop.Dispose();
    }

    [Fact]
    public async Task What_is_told_is_recorded_beside_whoever_tells_it()
    {
        for (var day = 0; day < 12; day++) keeper.OnPrediction(log.Predict(day));

        await UntilAsync(() => outcomes.Sessions("m").Count == 7);
        Assert.Equal(7, ear.Recorded);
    }

    [Fact]
    public async Task A_failure_is_told_once_and_tried_again_without_another_prediction()
    {
        outcomes.Fail = 3;
        for (var day = 0; day < 6; day++) keeper.OnPrediction(log.Predict(day));

        await UntilAsync(() => outcomes.Sessions("m").Count == 1);
        Assert.Equal("the disk is full", Assert.Single(ear.Failures).Message);
        Assert.Equal(4, outcomes.Records);
    }

    [Fact]
    public async Task A_feature_that_moves_away_is_told_once()
    {
        predictor.Model = predictor.Model with
        {
            FeatureDistribution = new Dictionary<string, FeatureBins> { ["vix"] = new([15, 25], [0.25, 0.5, 0.25]) },
        };
        var day = 0;
        Predict(250, i => i % 4 == 0 ? 10 : i % 4 == 1 ? 30 : 20);
        await SettledAsync();
        Assert.Equal(250, keeper.Drift("m")!.Sessions);
        Assert.Empty(ear.Drifted);

        Predict(90, _ => 40);
        await UntilAsync(() => !ear.Drifted.IsEmpty);
        Predict(10, _ => 40);
        await SettledAsync();
        Assert.Equal(["vix"], keeper.Drift("m")!.Warnings);
        var (feature, index) = Assert.Single(ear.Drifted);
        Assert.Equal("vix", feature);
        Assert.InRange(index, DriftReport.Threshold, 1);

        void Predict(int count, Func<int, double> vix)
        {
            for (var i = 0; i < count; i++, day++) keeper.OnPrediction(log.Predict(day, vix: vix(i)));
        }

        Task SettledAsync() => UntilAsync(() => outcomes.Sessions("m").Count == day - 5);
    }

    [Fact]
    public async Task Drift_is_a_metric_by_market_and_feature()
    {
        predictor.Model = predictor.Model with { FeatureDistribution = new Dictionary<string, FeatureBins> { ["vix"] = new([], [1]) } };
        for (var i = 0; i < FeatureWindow.FewestSessions; i++) keeper.OnPrediction(log.Predict(i, origin: SnapshotOrigin.Simulated));
        await UntilAsync(() => keeper.Drift("m") is not null);

        var seen = new List<(double, string?, string?)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == "trm.drift") self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            lock (seen) seen.Add((value, tags.ToArray().Single(t => t.Key == "market").Value as string, tags.ToArray().Single(t => t.Key == "feature").Value as string));
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Contains((0.0, "m", "vix"), seen);
    }

    // The keeper's pauses are over as soon as it makes them.
    private async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        }
    }

    private sealed class Ear : IOutcomeObserver
    {
        private int recorded;

        public int Recorded => Volatile.Read(ref recorded);

        public ConcurrentQueue<Exception> Failures { get; } = [];

        public ConcurrentQueue<(string Feature, double Index)> Drifted { get; } = [];

        public void OnRecorded(string market, int sessions) => Interlocked.Add(ref recorded, sessions);

        public void OnFailed(string market, Exception error) => Failures.Enqueue(error);

        public void OnDrift(string market, string feature, double index, int sessions) => Drifted.Enqueue((feature, index));
    }
}
