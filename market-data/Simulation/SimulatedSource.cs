using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.MarketData.Sources;

namespace Trm.MarketData.Simulation;

/// <summary>
/// A made-up market, so that a first run needs no data. The features are a pure function of the seed and the
/// sequence: a restart goes on as if nothing had happened. As-of is the moment of emission.
/// </summary>
public sealed class SimulatedSource : ISnapshotSource
{
    /// <summary>
    /// Snapshots of one path. A restart runs its path up to the place where it was, so paths end: the next one
    /// starts from its own seed, warmed up.
    /// </summary>
    public const int PathLength = 50_000;

    /// <summary>More warm-up than any recipe needs; a recipe that has nothing to say by then says why.</summary>
    private const int MaxWarmUp = 1_000;

    private const long None = -1;

    private readonly Market market;
    private readonly long seed;
    private readonly Func<IFeatureExtractor> createExtractor;
    private readonly SnapshotFactory snapshots;

    private SimulatedMarket? simulated;
    private IFeatureExtractor? extractor;
    private SessionReading? current;
    private long path = None;
    private long position;

    /// <param name="market">Its roles and members shape what is simulated.</param>
    /// <param name="seed">Which made-up market it is.</param>
    /// <param name="createExtractor">A fresh extractor of the features wanted.</param>
    /// <param name="time">The clock that snapshots are stamped with.</param>
    public SimulatedSource(Market market, long seed, Func<IFeatureExtractor> createExtractor, TimeProvider time)
    {
        this.market = market;
        this.seed = seed;
        this.createExtractor = createExtractor;
        snapshots = new SnapshotFactory(market, SnapshotOrigin.Simulated, time);
    }

    /// <inheritdoc/>
    public SnapshotOrigin Origin => SnapshotOrigin.Simulated;

    /// <inheritdoc/>
    public ValueTask<SnapshotReading> ReadAsync(SnapshotCursor after, CancellationToken cancellation)
    {
        using var span = snapshots.Start();
        MoveTo(after.Sequence + 1, cancellation);
        return ValueTask.FromResult(snapshots.Read(span, position, current!));
    }

    private void MoveTo(long sequence, CancellationToken cancellation)
    {
        // Sequences count from 1: path 0 holds 1 to 50,000.
        var wanted = (sequence - 1) / PathLength;
        if (path != wanted || sequence < position) Begin(wanted);
        while (position < sequence)
        {
            cancellation.ThrowIfCancellationRequested();
            Step();
            position++;
        }
    }

    private void Begin(long wanted)
    {
        path = None;
        simulated = new SimulatedMarket(market, SimulationRandom.For(seed, wanted));
        extractor = createExtractor();
        current = null;
        for (var i = 0; i < extractor.LookBackSessions || (current is null or { Reading.IsWarmingUp: true } && i < MaxWarmUp); i++) Step();
        (path, position) = (wanted, wanted * PathLength);
    }

    private void Step() => current = SessionReading.Of(market, simulated!.Next(), extractor!);
}

