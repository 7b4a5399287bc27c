namespace Trm.Inference.Engine;

/// <summary>
/// The four layers of a step over one sample, whose rows several threads may share. y and z become integers once for
/// every change of them, not once for every layer that reads them.
/// </summary>
internal sealed class SampleStages
{
    private readonly SampleInput solution;
    private readonly SampleInput latent;
    private readonly SampleInput inner;
    private readonly StepLayers layers;
    private readonly LayerStage firstReasoningIn;
    private readonly LayerStage firstSolutionIn;
    private readonly LayerStage reasoningIn;
    private readonly LayerStage reasoningOut;
    private readonly LayerStage solutionIn;
    private readonly LayerStage solutionOut;

    public SampleStages(
        StepLayers layers, AlignedBuffer<float> fromInput, AlignedBuffer<float> innerValues, AlignedBuffer<float> delta,
        AlignedBuffer<float> solutionValues, AlignedBuffer<float> latentValues, int hidden)
    {
        this.layers = layers;
        solution = new SampleInput(solutionValues, hidden);
        latent = new SampleInput(latentValues, hidden);
        inner = new SampleInput(innerValues, hidden);
        firstReasoningIn = new LayerStage(fromInput, innerValues, gelu: true);
        firstSolutionIn = new LayerStage(
            layers.SolutionOfSolution.Bias, innerValues, gelu: true, new LayerStage.Term(layers.SolutionOfLatent.Matrix, latent));
        reasoningIn = new LayerStage(
            fromInput, innerValues, gelu: true,
            new LayerStage.Term(layers.ReasoningOfSolution.Matrix, solution), new LayerStage.Term(layers.ReasoningOfLatent.Matrix, latent));
        reasoningOut = new LayerStage(layers.ReasoningOut.Bias, delta, gelu: false, new LayerStage.Term(layers.ReasoningOut.Matrix, inner));
        solutionIn = new LayerStage(
            layers.SolutionOfSolution.Bias, innerValues, gelu: true,
            new LayerStage.Term(layers.SolutionOfSolution.Matrix, solution), new LayerStage.Term(layers.SolutionOfLatent.Matrix, latent));
        solutionOut = new LayerStage(layers.SolutionOut.Bias, delta, gelu: false, new LayerStage.Term(layers.SolutionOut.Matrix, inner));
    }

    /// <summary>y changed.</summary>
    public void PrepareSolution() => layers.ReasoningOfSolution.Matrix.Prepare(solution);

    /// <summary>z changed.</summary>
    public void PrepareLatent() => layers.ReasoningOfLatent.Matrix.Prepare(latent);

    /// <summary>delta = W2·gelu(W1·[x̂; y; z]); alone without a team. In the first step y and z are zero and not multiplied.</summary>
    public void Reason(bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstReasoningIn : reasoningIn, team);
        layers.ReasoningOut.Matrix.Prepare(inner);
        Run(reasoningOut, team);
    }

    /// <summary>delta = S2·gelu(S1·[y; z]); alone without a team. In the first step y is zero and not multiplied.</summary>
    public void Solve(bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstSolutionIn : solutionIn, team);
        layers.SolutionOut.Matrix.Prepare(inner);
        Run(solutionOut, team);
    }

    private static void Run(LayerStage stage, RowTeam? team)
    {
        if (team is not null) team.Run(stage, stage.Blocks);
        else for (var block = 0; block < stage.Blocks; block++) stage.Run(block);
    }
}
