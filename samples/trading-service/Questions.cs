using Microsoft.Extensions.Logging;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.Samples.TradingService.Calls;

namespace Trm.Samples.TradingService;

/// <summary>
/// At a pace, market after market: what is the latest prediction, and what would the model say if volatility were half as high
/// again? The second question goes to whichever silo is free and is not logged.
/// </summary>
internal sealed class Questions(
    IReadOnlyList<Market> markets, TimeSpan pace, IClusterClient cluster, ClusterCalls calls, TradingDesk desk, TimeProvider time, ILogger logger)
{
    private const double Stress = 1.5;

    private readonly PredictorPool predictors = new(cluster);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace, time);
        for (var i = 0; await timer.WaitForNextTickAsync(stop); i++)
        {
            var market = markets[i % markets.Count].Id;
            try
            {
                await AskAsync(market, stop);
            }
            catch (ClusterException error)
            {
                Log.Waits(logger, market, error.Code, error.Message);
            }
        }
    }

    private async Task AskAsync(string market, CancellationToken stop)
    {
        var strategies = cluster.GetGrain<IStrategyGrain>(market);
        if (await calls.AskAsync("latest", strategies.LatestAsync, stop) is not { } latest) return;

        var stressed = latest.RawFeatures.With(FeatureNames.Vix, latest.RawFeatures[FeatureNames.Vix] * Stress);
        var answer = await calls.AskAsync("predict", () => predictors.PredictAsync(stressed, stop), stop);
        desk.CountStress(Strategy.MostProbable(answer.Probabilities) != latest.Strategy);
    }
}
