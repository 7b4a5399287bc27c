using Microsoft.Extensions.Hosting;
using Trm.Core.Outcomes;

namespace Trm.Grains.Outcomes;

/// <summary>Keeps outcomes of the markets whose logs are on this silo, beside its grains: they pass on what they hear.</summary>
internal sealed class OutcomeService(OutcomeKeeper keeper) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => keeper.RunAsync(stoppingToken);
}
