using Trm.Core;
using Trm.Inference.Batching;
using Trm.Inference.Engine;

namespace Trm.Inference.Lifecycle;

/// <summary>Opens the predictor of a process that runs on: batches over the engines of the model, warm, and able to take another model.</summary>
public static class Predictors
{
    /// <summary>Loads the model and warms it up.</summary>
    /// <exception cref="TrmException">The model or an engine is no good; the code says why.</exception>
    public static async Task<ReloadablePredictor> OpenAsync(PredictorSettings settings, CancellationToken cancellation = default)
    {
        var isFirst = true;
        var predictor = await ReloadablePredictor.OpenAsync(Open, cancellation).ConfigureAwait(false);
        // The file, its weights and what they were compared with are done with. They are large: a quiet service would keep them for hours.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return predictor;

        BatchingPredictor Open()
        {
            var model = TrmModel.Load(settings.ModelPath, settings.Load);
            if (!isFirst && settings.VerifyOnReload) Verify(settings, model);
            isFirst = false;
            var choice = ManagedEngines.Choose(model, settings.Precision, settings.Threads);
            // A batch that threads share has the cores to itself; where there are more, more batches run beside it.
            var workers = settings.Batching.Workers ?? Math.Max(1, Environment.ProcessorCount / settings.Threads);
            return new BatchingPredictor(
                model, [new BatchEngine(choice.Engine, workers, choice.Reason), .. settings.Devices?.Invoke(model) ?? []], settings.Batching);
        }
    }

    // At the start the user looks at what comes; a reload goes on by itself.
    private static void Verify(PredictorSettings settings, TrmModel model)
    {
        var golden = ModelPackage.GoldenPath(settings.ModelPath);
        if (!File.Exists(golden)) return;
        var result = ModelPackage.Verify(model, golden);
        if (!result.Passed)
            throw new TrmException("model_disagrees", $"model {model.Info.Version} does not agree with its golden cases ('trm model verify' says how far); make the package anew, or set Trm:VerifyOnReload to false");
    }
}
