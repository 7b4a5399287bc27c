using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Snapshots;
using Trm.MarketData.Simulation;
using static Trm.MarketData.Tests.SmallMarket;

namespace Trm.MarketData.Tests.Simulation;

public sealed class SimulatedSourceTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_snapshot_is_of_the_moment_and_says_that_it_is_made_up()
    {
        var snapshot = await ReadAsync(Source(), 7);
        Assert.Equal((8L, SnapshotOrigin.Simulated), (snapshot.Sequence, snapshot.Origin));
        Assert.Equal((time.GetUtcNow(), time.GetUtcNow()), (snapshot.AsOf, snapshot.EmittedAt));
        Assert.Equal((1.0, null), (snapshot.Quality, snapshot.Staleness));
    }

    [Fact]
    public async Task The_very_first_snapshot_has_features()
    {
        Assert.Equal(1, (await ReadAsync(Source(), 0)).Sequence);
        Assert.Equal(1, (await ReadAsync(Source(lookBack: 100), 0)).Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(SimulatedSource.PathLength - 3)]
    [InlineData(SimulatedSource.PathLength)]
    [InlineData(SimulatedSource.PathLength + 1)]
    public async Task A_restart_goes_on_as_if_nothing_had_happened(long sequence)
    {
        var running = Source();
        var expected = new List<FeatureVector>();
        for (var s = sequence - 1; s < sequence + 4; s++) expected.Add((await ReadAsync(running, s)).Features);

        var restarted = Source();
        for (var i = 1; i < 5; i++) Assert.Equal(expected[i], (await ReadAsync(restarted, sequence - 1 + i)).Features);
    }

    [Fact]
    public async Task A_tick_that_is_repeated_gives_the_same_features()
    {
        var source = Source();
        var first = await ReadAsync(source, 20);
        Assert.Equal(first.Features, (await ReadAsync(source, 20)).Features);
        Assert.NotEqual(first.Features, (await ReadAsync(source, 21)).Features);
        Assert.Equal(first.Features, (await ReadAsync(source, 20)).Features);
    }

    [Fact]
    public async Task Seeds_and_paths_differ()
    {
        var first = (await ReadAsync(Source(seed: 1), 0)).Features;
        Assert.NotEqual(first, (await ReadAsync(Source(seed: 2), 0)).Features);
        Assert.NotEqual(first, (await ReadAsync(Source(seed: 1), SimulatedSource.PathLength)).Features);
    }

    private SimulatedSource Source(long seed = 1, int lookBack = 3) => new(Market, seed, () => new FakeExtractor(Market, lookBack), time);

    private static async Task<Snapshot> ReadAsync(SimulatedSource source, long after) =>
        Assert.IsType<SnapshotReading.Ready>(await source.ReadAsync(new SnapshotCursor(after), default)).Snapshot;
}
