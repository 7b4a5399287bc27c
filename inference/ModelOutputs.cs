using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Inference;

/// <summary>Makes of an engine's numbers what callers get: checked, and labelled with the model that said them.</summary>
internal static class ModelOutputs
{
    /// <param name="model">The model that answered.</param>
    /// <param name="normalized">The ten z-scores it was asked.</param>
    /// <param name="probabilities">Its eight probabilities.</param>
    /// <param name="halt">Its halt probability.</param>
    /// <exception cref="TrmException"><c>non_finite_output</c>: NaN or infinity.</exception>
    public static ModelOutput Create(ModelInfo model, ReadOnlySpan<float> normalized, ReadOnlySpan<float> probabilities, float halt)
    {
        Span<double> widened = stackalloc double[FeatureNames.Count];
        for (var i = 0; i < widened.Length; i++) widened[i] = normalized[i];
        var vector = FeatureVector.From(widened);
        if (!IsFinite(probabilities, halt))
            throw new TrmException("non_finite_output", $"model {model.Version} answered NaN or infinity for the normalised features {vector}; check the features' scale against the model's normalisation");
        return new ModelOutput(vector, probabilities.ToArray(), halt, model);
    }

    private static bool IsFinite(ReadOnlySpan<float> probabilities, float halt)
    {
        foreach (var probability in probabilities)
        {
            if (!float.IsFinite(probability)) return false;
        }
        return float.IsFinite(halt);
    }
}
