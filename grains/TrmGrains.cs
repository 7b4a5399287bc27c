using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Grains.Markets;
using Trm.Grains.Outcomes;
using Trm.Grains.Placement;
using Trm.Grains.Snapshots;

namespace Trm.Grains;

/// <summary>Puts the grains' own services into a silo.</summary>
public static class TrmGrains
{
    /// <summary>
    /// The silo registers besides: <see cref="IMarketBook"/>, <see cref="IBarIntake"/>, <see cref="Core.Predictions.IPredictor"/>,
    /// <see cref="Core.Predictions.IPredictionLog"/>, <see cref="Core.Bars.IBarStore"/>, <see cref="IOutcomeLog"/>, grain storage <see cref="GrainStorage.Name"/>, the stream providers
    /// <see cref="GrainInterfaces.TrmStreams.Provider"/> and <see cref="GrainInterfaces.TrmStreams.SnapshotProvider"/> with their <see cref="GrainInterfaces.TrmStreams.PubSubStore"/>, and reminders.
    /// </summary>
    public static ISiloBuilder AddTrmGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddOptions<SourceOptions>()
            .BindConfiguration(SourceOptions.Section)
            .Validate(o => o.PendingLimit is >= 1 and <= 10_000, $"{SourceOptions.Section}:{nameof(SourceOptions.PendingLimit)} must be from 1 to 10000")
            .Validate(
                o => o.RetryAfter >= TimeSpan.FromSeconds(0.1) && o.RetryAfter <= TimeSpan.FromMinutes(5),
                $"{SourceOptions.Section}:{nameof(SourceOptions.RetryAfter)} must be from 0.1 s to 5 min")
            .ValidateOnStart();
        silo.Services.AddPlacementDirector<MarketPlacement, MarketPlacementDirector>();
        silo.Services.AddSingleton<MarketHome>();
        silo.Services.AddSingleton<MarketStarter>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<MarketStarter>());
        silo.Services.AddSingleton<IOutcomeObserver, OutcomeLogger>();
        silo.Services.AddSingleton<Func<string, Market>>(services => id => services.GetRequiredService<IMarketBook>().Get(id).Market);
        silo.Services.AddSingleton<OutcomeKeeper>();
        silo.Services.AddSingleton(services => new OutcomeBook(services.GetRequiredService<IOutcomeLog>(), services.GetRequiredService<OutcomeKeeper>().Drift));
        silo.Services.AddHostedService<OutcomeService>();
        silo.AddIncomingGrainCallFilter<DomainErrorFilter>();
        return silo;
    }
}
