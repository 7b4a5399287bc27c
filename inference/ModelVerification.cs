using Trm.Core.Predictions;

namespace Trm.Inference;

/// <summary>How closely a model, run here, agrees with its golden cases.</summary>
/// <param name="Model">The model.</param>
/// <param name="Cases">Cases run.</param>
/// <param name="NormalizedDifference">Largest absolute difference of a z-score.</param>
/// <param name="ProbabilityDifference">Largest absolute difference of a strategy's probability.</param>
/// <param name="HaltDifference">Largest absolute difference of a halt probability.</param>
public sealed record ModelVerification(
    ModelInfo Model, int Cases, double NormalizedDifference, double ProbabilityDifference, double HaltDifference)
{
    /// <summary>How closely the fp32 engine must agree with the golden cases.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Whether all three are within <see cref="Tolerance"/>; NaN is not.</summary>
    public bool Passed => NormalizedDifference <= Tolerance && ProbabilityDifference <= Tolerance && HaltDifference <= Tolerance;
}
