using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>
/// The model, normalisation included, on whichever silo the call reaches: a pool of stateless workers over each process's one
/// batching engine. The keys 0 to <see cref="Keys"/> - 1 are alike; a client's calls of one key go by one silo, so whoever is
/// refused tries again with another: <see cref="PredictorPool"/> does.
/// </summary>
[Alias("trm.predictor")]
public interface IPredictorGrain : IGrainWithIntegerKey
{
    /// <summary>How many keys there are.</summary>
    const int Keys = 16;

    /// <summary>The model in use on that silo.</summary>
    [Alias("model")]
    Task<ModelInfo> ModelAsync();

    /// <summary>Predicts from ten raw features. Nothing is logged.</summary>
    /// <exception cref="ClusterException">
    /// <c>overloaded</c>: that silo's queue is full; another may have room. Others: the model cannot answer; the code says why.
    /// </exception>
    [Alias("predict")]
    Task<ModelOutput> PredictAsync(FeatureVector features);

    /// <summary>Predicts many at once, in the order given; all or none.</summary>
    /// <exception cref="ClusterException">As for one.</exception>
    [Alias("predict-many")]
    Task<IReadOnlyList<ModelOutput>> PredictManyAsync([Immutable] IReadOnlyList<FeatureVector> features);
}
