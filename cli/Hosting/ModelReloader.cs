using Microsoft.Extensions.Logging;
using Trm.Core.Predictions;
using Trm.Gateway.Models;
using Trm.Inference.Lifecycle;

namespace Trm.Cli.Hosting;

/// <summary>Loads the model again from where it lies. A success is logged here, a failure by who asked.</summary>
internal sealed class ModelReloader(ReloadablePredictor predictor, ILogger<ModelReloader> logger) : IModelReloader
{
    public async Task<ModelInfo> ReloadAsync(CancellationToken cancellation)
    {
        var old = predictor.Model.Version;
        var model = await predictor.ReloadAsync(cancellation).ConfigureAwait(false);
        logger.ModelReloaded(model.Version, string.Join(", ", predictor.EngineNames), old);
        return model;
    }
}
