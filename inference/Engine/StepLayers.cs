namespace Trm.Inference.Engine;

/// <summary>The layers of a step; the first linear one of each pair is split by what it reads.</summary>
/// <param name="ReasoningOfSolution">The part of W1 that reads y.</param>
/// <param name="ReasoningOfLatent">The part of W1 that reads z.</param>
/// <param name="ReasoningOut">W2.</param>
/// <param name="SolutionOfSolution">The part of S1 that reads y.</param>
/// <param name="SolutionOfLatent">The part of S1 that reads z.</param>
/// <param name="SolutionOut">S2.</param>
/// <param name="ReasoningNorm">LN of z.</param>
/// <param name="SolutionNorm">LN of y.</param>
internal sealed record StepLayers(
    Linear ReasoningOfSolution, Linear ReasoningOfLatent, Linear ReasoningOut,
    Linear SolutionOfSolution, Linear SolutionOfLatent, Linear SolutionOut, LayerNorm ReasoningNorm, LayerNorm SolutionNorm);
