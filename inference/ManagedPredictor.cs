using System.Diagnostics;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Inference.Engine;

namespace Trm.Inference;

/// <summary>Predicts in this process, on the CPU. Safe to call from many threads; each call runs on its caller's.</summary>
public sealed class ManagedPredictor : IPredictor
{
    private readonly TrmModel model;
    private readonly IInferenceEngine engine;

    /// <summary>A predictor of a model.</summary>
    /// <param name="model">The model to run; its weights are copied once into the layout that the engine wants.</param>
    public ManagedPredictor(TrmModel model)
        : this(model, ManagedEngines.Create(model))
    {
    }

    /// <summary>A predictor of a model on a given engine.</summary>
    public ManagedPredictor(TrmModel model, IInferenceEngine engine)
    {
        this.model = model;
        this.engine = engine;
    }

    /// <inheritdoc/>
    public ModelInfo Model => model.Info;

    /// <inheritdoc/>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Predict(features));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(PredictBatch(features));
    }

    /// <summary>Predicts from ten raw features, on the caller's thread.</summary>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public ModelOutput Predict(FeatureVector features) => PredictBatch([features])[0];

    /// <summary>
    /// Predicts many at once, which costs less for each than one by one; a row equals the same features alone bit for bit.
    /// </summary>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public IReadOnlyList<ModelOutput> PredictBatch(IReadOnlyList<FeatureVector> features)
    {
        var started = Stopwatch.GetTimestamp();
        var normalized = new float[features.Count * FeatureNames.Count];
        for (var i = 0; i < features.Count; i++) model.Normalization.Apply(features[i], normalized.AsSpan(i * FeatureNames.Count, FeatureNames.Count));
        var probabilities = new float[features.Count * Strategy.Count];
        var halt = new float[features.Count];
        engine.Predict(normalized, probabilities, halt);
        TrmTelemetry.InferenceBatchSize.Record(features.Count);
        TrmTelemetry.InferenceDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);

        var outputs = new ModelOutput[features.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = ModelOutputs.Create(
                Model,
                normalized.AsSpan(i * FeatureNames.Count, FeatureNames.Count),
                probabilities.AsSpan(i * Strategy.Count, Strategy.Count),
                halt[i]);
        }
        return outputs;
    }
}
