namespace Trm.Inference.Engine;

/// <summary>
/// The four layers of a step and its norms, tied to the buffers of one workspace; several threads may share them. y and z become
/// integers once for every change of them, not once for every layer that reads them.
/// </summary>
internal sealed class StepStages
{
    private readonly LayerStage firstReasoningIn;
    private readonly LayerStage firstSolutionIn;
    private readonly LayerStage reasoningIn;
    private readonly LayerStage reasoningOut;
    private readonly LayerStage solutionIn;
    private readonly LayerStage solutionOut;
    private readonly SampleStage prepareInner;
    private readonly SampleStage refineLatent;
    private readonly SampleStage refineSolution;

    public StepStages(
        StepLayers layers, AlignedBuffer<float> fromInput, AlignedBuffer<float> innerValues, AlignedBuffer<float> delta,
        AlignedBuffer<float> solutionValues, AlignedBuffer<float> latentValues, LayerInput solution, LayerInput latent, LayerInput inner)
    {
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

        // Whatever reads a vector reads it in the same form.
        prepareInner = new SampleStage((first, count) => layers.ReasoningOut.Matrix.Prepare(inner, first, count));
        refineLatent = new SampleStage((first, count) =>
        {
            layers.ReasoningNorm.AddTo(latentValues.Span, delta.Span, first, count);
            layers.ReasoningOfLatent.Matrix.Prepare(latent, first, count);
        });
        refineSolution = new SampleStage((first, count) =>
        {
            layers.SolutionNorm.AddTo(solutionValues.Span, delta.Span, first, count);
            layers.ReasoningOfSolution.Matrix.Prepare(solution, first, count);
        });
    }

    /// <summary>z ← z + LN(W2·gelu(W1·[x̂; y; z])); alone without a team. In the first step y and z are zero and not multiplied.</summary>
    public void Reason(int batch, bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstReasoningIn : reasoningIn, batch, team);
        Run(prepareInner, batch, team);
        Run(reasoningOut, batch, team);
        Run(refineLatent, batch, team);
    }

    /// <summary>y ← y + LN(S2·gelu(S1·[y; z])); alone without a team. In the first step y is zero and not multiplied.</summary>
    public void Solve(int batch, bool isFirst, RowTeam? team)
    {
        Run(isFirst ? firstSolutionIn : solutionIn, batch, team);
        Run(prepareInner, batch, team);
        Run(solutionOut, batch, team);
        Run(refineSolution, batch, team);
    }

    private static void Run(IRowStage stage, int batch, RowTeam? team)
    {
        stage.Batch = batch;
        if (team is not null && stage.Blocks > 1) team.Run(stage);
        else stage.RunAll();
    }
}
