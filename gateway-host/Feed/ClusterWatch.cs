using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Telemetry;
using Trm.Gateway.Host.Model;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Gateway.Host.Feed;

/// <summary>
/// Asks the cluster twice a second whether it is there, and looks after every market's subscription. One silent silo is not the
/// cluster: only when others do not answer either, it counts as away.
/// </summary>
internal sealed class ClusterWatch(IClusterClient cluster, ClusterFeed feed, ClusterPredictor predictor, TimeProvider time, ILogger<ClusterWatch> logger)
    : BackgroundService
{
    private const int FailuresUntilAway = 2;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MarketsPeriod = TimeSpan.FromSeconds(10);

    private long marketsAt;
    private int failures;
    private long key;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Each gateway reports every market's: a silo that lost a market would go on counting.
            using var staleness = feed.Subscribe(new StalenessMeter(time));
            using var timer = new PeriodicTimer(Period, time);
            do
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway goes away.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await PingAsync(cancellation).ConfigureAwait(false);
            failures = 0;
            if (!feed.HasMarkets || time.GetElapsedTime(marketsAt) >= MarketsPeriod)
            {
                await feed.RefreshMarketsAsync(cancellation).ConfigureAwait(false);
                await predictor.RefreshAsync(cancellation).ConfigureAwait(false);
                marketsAt = time.GetTimestamp();
            }
            var wasAway = feed.IsAway;
            feed.Mark(away: false);
            _ = feed.CheckAsync(renew: wasAway);
        }
        catch (Exception error) when (error is TrmException || ClusterCall.IsUnavailable(error))
        {
            if (++failures == FailuresUntilAway && !feed.HasMarkets) Log.ClusterNotFound(logger, error.Message);
            if (failures >= FailuresUntilAway && feed.HasMarkets) feed.Mark(away: true);
        }
    }

    // Each time by another key, and so most likely by another silo.
    private Task PingAsync(CancellationToken cancellation) => ClusterCall.RunAsync(
        () => cluster.GetGrain<IPredictorGrain>(key++ % IPredictorGrain.Keys).ModelAsync().WaitAsync(AnswerLimit, time, cancellation), cancellation);
}
