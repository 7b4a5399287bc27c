using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>
/// The cluster's predictors for a caller outside it: goes round the keys, so that the silos share the work, and tries another
/// silo when one is overloaded, closes or does not answer. Safe to call from many threads.
/// </summary>
/// <param name="grains">The cluster client.</param>
public sealed class PredictorPool(IGrainFactory grains)
{
    /// <summary>Silos asked before an error is the caller's.</summary>
    private const int Attempts = 4;

    private int next;

    /// <summary>The model in use on one of the silos.</summary>
    /// <exception cref="ClusterException"><c>cluster_unavailable</c>: nobody answered.</exception>
    public Task<ModelInfo> ModelAsync(CancellationToken cancellation = default) => TryAsync(predictor => predictor.ModelAsync(), cancellation);

    /// <inheritdoc cref="IPredictorGrain.PredictAsync"/>
    public Task<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default) =>
        TryAsync(predictor => predictor.PredictAsync(features), cancellation);

    /// <inheritdoc cref="IPredictorGrain.PredictManyAsync"/>
    public Task<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default) =>
        TryAsync(predictor => predictor.PredictManyAsync(features), cancellation);

    private async Task<T> TryAsync<T>(Func<IPredictorGrain, Task<T>> call, CancellationToken cancellation)
    {
        CallTrace.Send();
        for (var attempt = 1; ; attempt++)
        {
            var key = (uint)Interlocked.Increment(ref next) % IPredictorGrain.Keys;
            try
            {
                return await ClusterCall.RunAsync(() => call(grains.GetGrain<IPredictorGrain>(key)), cancellation).ConfigureAwait(false);
            }
            catch (ClusterException error) when (attempt < Attempts && error.Code is "overloaded" or "predictor_closed" or ClusterException.Unavailable)
            {
                // Another key goes by another silo, most likely.
            }
        }
    }
}
