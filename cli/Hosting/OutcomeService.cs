using Microsoft.Extensions.Hosting;
using Trm.Core.Local;
using Trm.Core.Outcomes;

namespace Trm.Cli.Hosting;

/// <summary>Keeps outcomes beside the markets' loops; begins with what the logs held when the process started.</summary>
internal sealed class OutcomeService(OutcomeKeeper keeper, LocalPredictionFeed feed) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var market in feed.Markets)
        {
            if ((await feed.HeadAsync(market.Id, stoppingToken).ConfigureAwait(false)).Latest is { } latest) keeper.OnPrediction(latest);
        }
        await keeper.RunAsync(stoppingToken).ConfigureAwait(false);
    }
}
