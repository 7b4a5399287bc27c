using Trm.Core.Features;

namespace Trm.Core.Predictions;

/// <summary>Runs the model, normalisation included. Safe to call from many threads.</summary>
public interface IPredictor
{
    /// <summary>The model in use now. Another may be by the time a prediction is made: <see cref="ModelOutput.Model"/> says which made it.</summary>
    ModelInfo Model { get; }

    /// <summary>Predicts from ten raw features.</summary>
    /// <exception cref="TrmException">The model cannot answer; the code says why.</exception>
    ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default);

    /// <summary>Predicts many at once, in the order given; all or none.</summary>
    /// <exception cref="TrmException">The model cannot answer one of them; the code says why.</exception>
    async ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default)
    {
        var outputs = new ModelOutput[features.Count];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = await PredictAsync(features[i], cancellation).ConfigureAwait(false);
        return outputs;
    }
}

/// <summary>What the model said.</summary>
/// <param name="Normalized">(x − mean) / (std + 1e-8) of the ten features.</param>
/// <param name="Probabilities">Eight, by strategy id; they sum to 1 within rounding.</param>
/// <param name="HaltProbability">0 to 1.</param>
/// <param name="Model">The model that said it.</param>
public sealed record ModelOutput(FeatureVector Normalized, IReadOnlyList<float> Probabilities, float HaltProbability, ModelInfo Model);
