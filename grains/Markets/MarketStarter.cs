using Microsoft.Extensions.Logging;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Grains.Markets;

/// <summary>
/// Keeps every market running: when its silo starts, when a silo leaves or dies, and now and then in case something was missed.
/// (A grain's timers die with its silo, and its reminder, the last resort, comes after a minute.) Every silo does so; starting
/// what runs changes nothing.
/// </summary>
internal sealed class MarketStarter(
    IGrainFactory grains, IMarketBook book, IClusterMembershipService membership, TimeProvider time, ILogger<MarketStarter> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int Concurrency = 16;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    // Silos that start together share the markets from the start.
    public static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim wanted = new(0);
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(MarketStarter), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose()
    {
        stopping.Dispose();
        wanted.Dispose();
    }

    // The silo's start does not wait for its markets: they may well run elsewhere.
    private Task StartAsync(CancellationToken cancellation)
    {
        running = Task.WhenAll(
            Task.Run(() => WatchAsync(stopping.Token), CancellationToken.None),
            Task.Run(() => StartMarketsAsync(stopping.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        Dictionary<SiloAddress, SiloStatus> before = [];
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellation).ConfigureAwait(false))
        {
            var now = snapshot.Members.ToDictionary(m => m.Key, m => m.Value.Status);
            if (before.Any(silo => HasGoneOn(silo.Value, now.GetValueOrDefault(silo.Key, SiloStatus.Dead)))) wanted.Release();
            before = now;
        }
    }

    // At each step of a silo's leaving: its sources answer that they run until it hands them over, and are nowhere after.
    private static bool HasGoneOn(SiloStatus before, SiloStatus now) => now != before && now > SiloStatus.Active;

    private async Task StartMarketsAsync(CancellationToken cancellation)
    {
        await Task.Delay(StartDelay, time, cancellation).ConfigureAwait(false);
        var left = book.Markets.Select(m => m.Id).ToList();
        while (true)
        {
            left = await StartAsync(left, cancellation).ConfigureAwait(false);
            if (left.Count > 0)
            {
                await Task.Delay(RetryPause, time, cancellation).ConfigureAwait(false);
                continue;
            }
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(wanted.WaitAsync(pause.Token), Task.Delay(Period, time, pause.Token)).ConfigureAwait(false);
            await pause.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            left = [.. book.Markets.Select(m => m.Id)];
        }
    }

    /// <returns>Those that could not be started.</returns>
    private async Task<List<string>> StartAsync(List<string> markets, CancellationToken cancellation)
    {
        var failed = new List<string>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(markets, limits, async (market, _) =>
        {
            try
            {
                await grains.GetGrain<IFeatureSourceGrain>(market).EnsureRunningAsync().WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                Log.MarketNotStarted(logger, market, error.Message);
                lock (failed) failed.Add(market);
            }
        }).ConfigureAwait(false);
        return failed;
    }
}
