using Orleans.Concurrency;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>
/// What the model says of one market; its key is the market's id. It makes a prediction of each snapshot, has it logged and
/// emits it on <see cref="TrmStreams.Predictions"/>.
/// </summary>
[Alias("trm.strategy")]
public interface IStrategyGrain : IGrainWithStringKey
{
    /// <summary>The market's newest prediction; null before its first.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>, or the log cannot be read now.</exception>
    [AlwaysInterleave]
    [Alias("latest")]
    Task<Prediction?> LatestAsync();

    /// <summary>Asks the market's source for what the log misses, and makes those predictions. The source calls it.</summary>
    [OneWay]
    [Alias("catch-up")]
    Task CatchUpAsync();
}
