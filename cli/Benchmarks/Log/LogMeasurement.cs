using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;
using Trm.Storage.Postgres;
using Trm.Storage.Predictions;

namespace Trm.Cli.Benchmarks.Log;

/// <summary>Asks a filled log what a service asks it, and takes the time of each answer.</summary>
internal sealed class LogMeasurement(PostgresPredictionLog log, LogPlan plan, TimeProvider time)
{
    private const int Bursts = 20;
    private const int Page = 500;

    /// <summary>Not counted: by then the code that reads is compiled and a connection has its plan, as in a service that runs.</summary>
    private const int WarmUp = 100;

    /// <summary>A prime, so that places asked for one after the other lie far apart.</summary>
    private const long Stride = 1_000_003;

    private readonly LogHead[] heads = new LogHead[plan.Markets];

    /// <summary>When the bench's first predictions were made.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 5, 21, 0, 0, TimeSpan.Zero);

    public async Task<IReadOnlyList<LogMeasured>> RunAsync(CancellationToken cancellation)
    {
        for (var market = 0; market < plan.Markets; market++) heads[market] = await log.OpenAsync(LogPlan.Name(market), cancellation).ConfigureAwait(false);
        var oldest = heads.Min(head => head.Sequence);

        return
        [
            await AppendAsync(cancellation).ConfigureAwait(false),
            await BurstAsync(cancellation).ConfigureAwait(false),
            await ReadAsync("latest", "latest", _ => new LogQuery { Newest = true, Limit = 1 }, latest: true, cancellation).ConfigureAwait(false),
            await ReadAsync(
                $"a page of {Page} by sequence", "page_by_sequence", i => new LogQuery { After = Place(i, oldest - Page), Limit = Page }, latest: false, cancellation).ConfigureAwait(false),
            await ReadAsync(
                $"the last {Page}", "page_newest", _ => new LogQuery { Newest = true, Limit = Page }, latest: false, cancellation).ConfigureAwait(false),
            await ReadAsync("four minutes by time", "page_by_time", ByTime, latest: false, cancellation).ConfigureAwait(false),
        ];

        LogQuery ByTime(int i)
        {
            var from = Start.AddMilliseconds(500 * Place(i, oldest - Page));
            return new LogQuery { From = from, To = from.AddMinutes(4), Limit = Page };
        }
    }

    private static long Place(int i, long below) => i * Stride % Math.Max(1, below);

    // Sent when due, whether or not the one before has come back: a slow log is not asked less.
    private async Task<LogMeasured> AppendAsync(CancellationToken cancellation)
    {
        var latency = new LatencyHistogram();
        var pending = new List<Task>(plan.Appends);
        var started = time.GetTimestamp();
        for (var i = 0; i < plan.Appends; i++)
        {
            var wait = TimeSpan.FromSeconds(i / plan.Rate) - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            pending.Add(TimedAppendAsync(i % plan.Markets, latency, cancellation));
        }
        await Task.WhenAll(pending).ConfigureAwait(false);
        return new LogMeasured("appends at the rate", "append", latency, latency.Count / time.GetElapsedTime(started).TotalSeconds, []);
    }

    // What markets of one interval do: all at the same moment.
    private async Task<LogMeasured> BurstAsync(CancellationToken cancellation)
    {
        var latency = new LatencyHistogram();
        var started = time.GetTimestamp();
        for (var burst = 0; burst < Bursts; burst++)
            await Task.WhenAll(Enumerable.Range(0, plan.Markets).Select(market => TimedAppendAsync(market, latency, cancellation))).ConfigureAwait(false);
        return new LogMeasured($"{plan.Markets} markets at once", "append_burst", latency, latency.Count / time.GetElapsedTime(started).TotalSeconds, []);
    }

    private async Task TimedAppendAsync(int market, LatencyHistogram latency, CancellationToken cancellation)
    {
        var prediction = Next(market);
        heads[market] = heads[market] with { Latest = prediction };
        var asked = time.GetTimestamp();
        var outcome = await log.TryAppendAsync(prediction, cancellation).ConfigureAwait(false);
        latency.Record(time.GetElapsedTime(asked));
        if (outcome.Result != AppendResult.Added)
            throw new TrmException("bench_disturbed", $"market {prediction.Market}: sequence {prediction.Sequence} came to {outcome.Result}; let nothing else write to the bench's markets");
    }

    private async Task<LogMeasured> ReadAsync(string name, string key, Func<int, LogQuery> query, bool latest, CancellationToken cancellation)
    {
        for (var i = 0; i < WarmUp; i++) await AskAsync(plan.Reads + i).ConfigureAwait(false);
        var latency = new LatencyHistogram();
        var started = time.GetTimestamp();
        for (var i = 0; i < plan.Reads; i++)
        {
            var asked = time.GetTimestamp();
            await AskAsync(i).ConfigureAwait(false);
            latency.Record(time.GetElapsedTime(asked));
        }
        var perSecond = plan.Reads / time.GetElapsedTime(started).TotalSeconds;
        return new LogMeasured(name, key, latency, perSecond, await log.ExplainAsync(LogPlan.Name(0), query(plan.Reads), cancellation).ConfigureAwait(false));

        async Task AskAsync(int i)
        {
            var market = LogPlan.Name(i % plan.Markets);
            if (latest) await log.OpenAsync(market, cancellation).ConfigureAwait(false);
            else await log.ReadAsync(market, query(i), cancellation).ConfigureAwait(false);
        }
    }

    private Prediction Next(int market)
    {
        var sequence = heads[market].Sequence + 1;
        var made = Start.AddMilliseconds(500 * sequence);
        return new Prediction
        {
            Market = LogPlan.Name(market),
            Epoch = heads[market].Epoch,
            Sequence = sequence,
            Timestamp = made,
            AsOf = Start,
            EmittedAt = made,
            Origin = SnapshotOrigin.Simulated,
            Probabilities = [0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.3f],
            HaltProbability = 0.25f,
            RawFeatures = FeatureVector.From([14.5 + (sequence % 20), -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.5, 0.03, 0.95]),
            NormalizedFeatures = FeatureVector.From([-0.5, 0.1 * (sequence % 7), -0.9, 0.2, 0.4, -0.1, 0.6, 0.7, 0.8, -1.2]),
            FeatureSet = "causal-v2",
            ModelVersion = "1.0.0-bench",
            RecursionCycles = 3,
            LatentSteps = 6,
            Quality = 0.9375,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
    }
}
