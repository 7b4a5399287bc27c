using Orleans.Concurrency;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Grains.Predictions;

/// <summary>The process's one engine, which batches whatever its callers ask at once.</summary>
[StatelessWorker]
[Reentrant] // the engine orders the work; a worker that waits for it takes the next call
internal sealed class PredictorGrain(IPredictor predictor) : Grain, IPredictorGrain
{
    public Task<ModelInfo> ModelAsync() => Task.FromResult(predictor.Model);

    public async Task<ModelOutput> PredictAsync(FeatureVector features)
    {
        CallTrace.Continue();
        return await predictor.PredictAsync(features);
    }

    public async Task<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features)
    {
        CallTrace.Continue();
        return await predictor.PredictManyAsync(features);
    }
}
