using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>
/// The least that a prediction must compute and read. In each of the T·n steps six H×H matrices are left once the part of
/// W1 that reads x̂ is folded into the projection (H×10) and done once; the first step meets y = z = 0, so three of its
/// six give nothing. Then come the two heads.
/// </summary>
/// <param name="Hidden">Width H of the hidden state.</param>
/// <param name="Steps">T·n.</param>
internal sealed record ModelWork(int Hidden, int Steps)
{
    private const int MatricesOfStep = 6;
    private const int MatricesOfZeroState = 3;

    public static ModelWork Of(ModelInfo model) => new(model.HiddenSize, model.RecursionCycles * model.LatentSteps);

    /// <summary>Multiply-adds of one prediction; 27.7 million for the shipped model.</summary>
    public long MultiplyAdds => Refinement + Edges;

    /// <summary>Weights that every step reads: what stays in a cache, or does not.</summary>
    public long StepWeights => MatricesOfStep * Square;

    private long Square => (long)Hidden * Hidden;

    private long Refinement => Steps == 0 ? 0 : (MatricesOfStep * (long)Steps - MatricesOfZeroState) * Square;

    private long Edges => ((long)FeatureNames.Count + Strategy.Count) * Hidden + (Square + Hidden) / 2;
}
