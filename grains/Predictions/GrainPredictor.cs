using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Grains.Predictions;

/// <summary>The predictor as a pipeline sees it: the pool of this silo. A stateless worker is always on its caller's silo.</summary>
internal sealed class GrainPredictor(IGrainFactory grains, IPredictor local) : IPredictor
{
    public ModelInfo Model => local.Model;

    public async ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default)
    {
        CallTrace.Send();
        return await grains.GetGrain<IPredictorGrain>(0).PredictAsync(features).WaitAsync(cancellation);
    }
}
