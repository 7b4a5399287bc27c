using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Models;
using Trm.Inference.Lifecycle;

namespace Trm.Cli.Hosting;

/// <summary>Loads the model again from where it lies; one log line says what came of it, whoever asked.</summary>
internal sealed class ModelReloader(ReloadablePredictor predictor, ILogger<ModelReloader> logger) : IModelReloader
{
    public async Task<ModelInfo> ReloadAsync(CancellationToken cancellation)
    {
        var old = predictor.Model.Version;
        try
        {
            var model = await predictor.ReloadAsync(cancellation).ConfigureAwait(false);
            logger.ModelReloaded(model.Version, string.Join(", ", predictor.EngineNames), old);
            return model;
        }
        catch (TrmException error)
        {
            logger.ModelNotReloaded(old, error.Code, error.Message, null);
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Nothing that a file can hold may end here; if something does, its stack is needed.
            logger.ModelNotReloaded(old, "internal_error", error.Message, error);
            throw;
        }
    }
}
