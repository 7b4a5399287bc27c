using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core.Markets;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Markets;
using Trm.Samples.TradingService.Calls;

namespace Trm.Samples.TradingService;

/// <summary>Follows the markets and asks its questions, until its time is over or the process is told to stop.</summary>
internal sealed class TradingService(
    Arguments arguments, IClusterClient cluster, ClusterCalls calls, TradingDesk desk, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TradingService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = new CancellationTokenSource(arguments.Duration ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, end.Token);
        try
        {
            var markets = await MarketsAsync(stop.Token);
            var followers = markets.Select(market => new MarketFollower(market, cluster, calls, desk, time, logger).RunAsync(stop.Token));
            var questions = new Questions(markets, arguments.Pace, cluster, calls, desk, time, logger).RunAsync(stop.Token);
            await Task.WhenAll([.. followers, questions]);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is over.
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task<IReadOnlyList<Market>> MarketsAsync(CancellationToken stop)
    {
        var all = await calls.AskAsync("markets", () => cluster.GetGrain<IMarketsGrain>(0).ListAsync(), stop);
        if (arguments.Markets.Count == 0) return all;
        return [.. arguments.Markets.Select(id => all.FirstOrDefault(m => m.Id == id)
            ?? throw new ClusterException("unknown_market", $"market '{id}' is not served; there is {string.Join(", ", all.Select(m => m.Id))}"))];
    }
}
