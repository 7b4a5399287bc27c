using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core.Local;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Cli.Hosting;

/// <summary>Runs every market of this process: its source, its pipeline, its interval.</summary>
internal sealed class MarketService(
    IReadOnlyList<ServedMarket> markets, IPredictor predictor, IPredictionLog log, LocalPredictionFeed feed, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<MarketService> logger)
    : BackgroundService
{
    // A server that cannot listen makes no predictions either: nothing is logged for a start that failed.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var started = lifetime.ApplicationStarted.Register(() => listening.TrySetResult());
        using var stopped = stoppingToken.Register(() => listening.TrySetCanceled(stoppingToken));
        try
        {
            await listening.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        // As each ends, so that one that failed is known at once and not when all others end, which may be never.
        await foreach (var ended in Task.WhenEach(markets.Select(m => RunAsync(m, stoppingToken))).ConfigureAwait(false))
            await ended.ConfigureAwait(false);
    }

    private async Task RunAsync(ServedMarket served, CancellationToken cancellation)
    {
        var pipeline = await PredictionPipeline.OpenAsync(served.Market.Id, predictor, log, feed, time, cancellation: cancellation).ConfigureAwait(false);
        var interval = served.Interval > TimeSpan.Zero ? $"{served.Interval.TotalSeconds:0.###} s" : "as fast as it goes";
        logger.Starting(served.Market.Id, served.Source.Origin.WireName(), served.Why, interval, pipeline.Head.Sequence, pipeline.Head.Epoch);

        var run = await new LocalMarket(served.Market, served.Source, pipeline, feed, served.Interval, time).RunAsync(cancellation).ConfigureAwait(false);
        if (run.EndReason is { } reason) logger.Ended(run.Market, reason, run.Predictions, run.Elapsed.TotalSeconds, run.Rate);
    }
}
