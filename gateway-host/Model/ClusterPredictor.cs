using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Gateway.Host.Model;

/// <summary>The model as the gateway's routes see it: the cluster's pool of predictors.</summary>
internal sealed class ClusterPredictor(PredictorPool pool) : IPredictor
{
    private volatile ModelInfo? known;

    /// <summary>The model that answered last.</summary>
    /// <exception cref="ClusterException">None has yet.</exception>
    public ModelInfo Model => known ?? throw new ClusterException(ClusterException.Unavailable, "the cluster has not said yet which model it runs; try again in a moment");

    public async ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default)
    {
        var output = await pool.PredictAsync(features, cancellation);
        known = output.Model;
        return output;
    }

    public async ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default)
    {
        var outputs = await pool.PredictManyAsync(features, cancellation);
        if (outputs.Count > 0) known = outputs[^1].Model;
        return outputs;
    }

    /// <summary>Asks which model runs.</summary>
    public async Task RefreshAsync(CancellationToken cancellation) => known = await pool.ModelAsync(cancellation);
}
