using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;
using Trm.Grains.Markets;

namespace Trm.Cluster.Tests.Support;

/// <summary>
/// A market of numbered sessions, 1, 2, 3 …, of which its source reads as many as the test lets out. It is known by every silo and
/// outlives them, as stored bars do. Session k is told by a prediction's as-of time and by its second feature.
/// </summary>
internal sealed class TestMarket
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long sessions;
    private long predicted;
    private int opened;
    private bool hasEnd;

    public required string Id { get; init; }

    /// <summary>The first feature of its snapshots, by which the predictor knows it.</summary>
    public required int Code { get; init; }

    /// <summary>Live markets tick when there is news, others at the interval.</summary>
    public SnapshotOrigin Origin { get; init; } = SnapshotOrigin.Live;

    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A live market that is told nothing by its source: only pushed bars make it tick.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>What the model does with a session before it answers.</summary>
    public Func<long, Task>? Predicting { get; set; }

    /// <summary>Happens before its source is opened; may throw.</summary>
    public Action? Opening { get; set; }

    /// <summary>How often its source was opened.</summary>
    public int Opened => Volatile.Read(ref opened);

    /// <summary>Predictions that were made, and not more: what is in the log may be less, when appends fail.</summary>
    public long Predicted => Volatile.Read(ref predicted);

    public Market Definition => Make.Market() with { Id = Id };

    public MarketPlan Plan => new(Definition, Interval, _ =>
    {
        Opening?.Invoke();
        Interlocked.Increment(ref opened);
        return Task.FromResult<ISnapshotSource>(new Source(this));
    });

    /// <summary>Lets out sessions up to one.</summary>
    public void LetOut(long upTo)
    {
        TaskCompletionSource wake;
        lock (gate)
        {
            sessions = Math.Max(sessions, upTo);
            wake = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        wake.SetResult();
    }

    /// <summary>Lets out sessions up to one, after which the source ends.</summary>
    public void LetOutToTheEnd(long upTo)
    {
        lock (gate) hasEnd = true;
        LetOut(upTo);
    }

    public async Task<ModelOutput> PredictAsync(FeatureVector features, ModelInfo model)
    {
        if (Predicting is { } act) await act((long)features[1]);
        Interlocked.Increment(ref predicted);
        return new ModelOutput(features, Probabilities((long)features[1]), 0.25f, model);
    }

    public static IReadOnlyList<float> Probabilities(long session)
    {
        var probabilities = new float[Strategy.Count];
        Array.Fill(probabilities, 0.05f);
        probabilities[session % Strategy.Count] = 0.65f;
        return probabilities;
    }

    public static DateTimeOffset AsOf(long session) => Make.Noon.AddMinutes(session);

    public static long SessionOf(DateTimeOffset asOf) => (long)(asOf - Make.Noon).TotalMinutes;

    /// <summary>The trace of a session's tick.</summary>
    public string TraceOf(long session) => $"{Code:x16}{session:x16}";

    public Snapshot Snapshot(long sequence, long session) => new()
    {
        Market = Id,
        Sequence = sequence,
        AsOf = AsOf(session),
        EmittedAt = TimeProvider.System.GetUtcNow(),
        Origin = Origin,
        FeatureSet = FeatureSets.CausalV2,
        Features = FeatureVector.From([Code, session, 0.02, 1, 0.5, 0.3, 1, 0.4, 0.01, 1]),
        Quality = 1,
        TraceParent = $"00-{TraceOf(session)}-00f067aa0ba902b7-00",
    };

    private sealed class Source(TestMarket market) : ISnapshotSource
    {
        private long? at;

        public SnapshotOrigin Origin => market.Origin;

        public ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation)
        {
            at ??= after.AsOf is { } last ? SessionOf(last) : 0;
            lock (market.gate)
            {
                if (at < market.sessions) return new(new SnapshotReading.Ready(market.Snapshot(after.Sequence + 1, (at = at.Value + 1).Value)));
                return new(market.hasEnd ? new SnapshotReading.Finished("no more sessions") : new SnapshotReading.Unavailable("no_session", "the test lets none out"));
            }
        }

        public async Task WaitForNewsAsync(CancellationToken cancellation)
        {
            while (true)
            {
                Task news;
                lock (market.gate)
                {
                    if (!market.IsDeaf && (at ?? 0) < market.sessions) return;
                    news = market.changed.Task;
                }
                await news.WaitAsync(cancellation);
            }
        }
    }
}
