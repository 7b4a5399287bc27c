namespace Trm.Inference.Engine;

/// <summary>
/// The four layers of a step, tied to the buffers of one workspace; several threads may share their rows. y and z become
/// integers once for every change of them, not once for every layer that reads them.
/// </summary>
internal sealed class StepStages
{
    private readonly StepLayers layers;
    private readonly LayerInput solution;
    private readonly LayerInput latent;
    private readonly LayerInput inner;
    private readonly LayerStage firstReasoningIn;
    private readonly LayerStage firstSolutionIn;
    private readonly LayerStage reasoningIn;
    private readonly LayerStage reasoningOut;
    private readonly LayerStage solutionIn;
    private readonly LayerStage solutionOut;

    public StepStages(
        StepLayers layers, AlignedBuffer<float> fromInput, AlignedBuffer<float> innerValues, AlignedBuffer<float> delta,
        LayerInput solution, LayerInput latent, LayerInput inner)
    {
        (this.layers, this.solution, this.latent, this.inner) = (layers, solution, latent, inner);
        var hidden = layers.SolutionOut.Rows;
        var bias = layers.SolutionOfSolution.Bias;
        var (reasonSolution, reasonLatent) = (new LayerStage.Term(layers.ReasoningOfSolution.Matrix, solution), new LayerStage.Term(layers.ReasoningOfLatent.Matrix, latent));
        var (solveSolution, solveLatent) = (new LayerStage.Term(layers.SolutionOfSolution.Matrix, solution), new LayerStage.Term(layers.SolutionOfLatent.Matrix, latent));
        firstReasoningIn = new LayerStage(fromInput, false, innerValues, hidden, gelu: true);
        reasoningIn = new LayerStage(fromInput, false, innerValues, hidden, gelu: true, reasonSolution, reasonLatent);
        reasoningOut = new LayerStage(layers.ReasoningOut.Bias, true, delta, hidden, gelu: false, new LayerStage.Term(layers.ReasoningOut.Matrix, inner));
        firstSolutionIn = new LayerStage(bias, true, innerValues, hidden, gelu: true, solveLatent);
        solutionIn = new LayerStage(bias, true, innerValues, hidden, gelu: true, solveSolution, solveLatent);
        solutionOut = new LayerStage(layers.SolutionOut.Bias, true, delta, hidden, gelu: false, new LayerStage.Term(layers.SolutionOut.Matrix, inner));
    }

    /// <summary>y changed.</summary>
    public void PrepareSolution(int batch) => layers.ReasoningOfSolution.Matrix.Prepare(solution, batch);

    /// <summary>z changed.</summary>
    public void PrepareLatent(int batch) => layers.ReasoningOfLatent.Matrix.Prepare(latent, batch);

    /// <summary>delta = W2·gelu(W1·[x̂; y; z]); alone without a team. In the first step y and z are zero and not multiplied.</summary>
    public void Reason(int batch, bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstReasoningIn : reasoningIn, batch, team);
        layers.ReasoningOut.Matrix.Prepare(inner, batch);
        Run(reasoningOut, batch, team);
    }

    /// <summary>delta = S2·gelu(S1·[y; z]); alone without a team. In the first step y is zero and not multiplied.</summary>
    public void Solve(int batch, bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstSolutionIn : solutionIn, batch, team);
        layers.SolutionOut.Matrix.Prepare(inner, batch);
        Run(solutionOut, batch, team);
    }

    private static void Run(LayerStage stage, int batch, RowTeam? team)
    {
        stage.Batch = batch;
        if (team is not null) team.Run(stage, stage.Blocks);
        else for (var block = 0; block < stage.Blocks; block++) stage.Run(block);
    }
}
