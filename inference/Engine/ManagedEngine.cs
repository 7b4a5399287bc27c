using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Weights;

namespace Trm.Inference.Engine;

/// <summary>
/// The forward pass in fp32 on the CPU, for any T ≥ 1, n ≥ 0 and even H; without allocating once its workspaces exist.
/// <para>
/// x̂ = Linear(x); y = z = 0; then T cycles of n steps, each of which refines both states:
/// z ← z + LN(W2·gelu(W1·[x̂; y; z])), y ← y + LN(S2·gelu(S1·[y; z])). In the end probabilities = softmax(Head(LN(y)))
/// and halt = sigmoid(L2·gelu(L1·z)).
/// </para>
/// <para>
/// y is refined in every step, not once a cycle as in the paper on tiny recursive models: that is what the original
/// implementation does, and what its golden outputs show. A cycle therefore has no meaning of its own here (only T·n
/// counts), and with n = 0 nothing is refined and the answer is the same for every input.
/// </para>
/// </summary>
internal sealed class ManagedEngine : IInferenceEngine
{
    /// <summary>
    /// A larger batch is run in pieces: at 64 rows the arithmetic already outweighs the weights' way from memory, and
    /// a workspace stays under a megabyte at H 512.
    /// </summary>
    private const int MaxPiece = 64;

    private readonly int steps;
    private readonly Linear projection;
    private readonly Linear reasoningOfInput;
    private readonly Linear reasoningOfSolution;
    private readonly Linear reasoningOfLatent;
    private readonly Linear reasoningOut;
    private readonly Linear solutionOfSolution;
    private readonly Linear solutionOfLatent;
    private readonly Linear solutionOut;
    private readonly Linear head;
    private readonly Linear haltIn;
    private readonly Linear haltOut;
    private readonly LayerNorm reasoningNorm;
    private readonly LayerNorm solutionNorm;
    private readonly LayerNorm outputNorm;
    private readonly WorkspacePool workspaces;

    public ManagedEngine(ModelWeights weights, int recursionCycles, int latentSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recursionCycles, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(latentSteps);
        steps = checked(recursionCycles * latentSteps);

        // A layer that reads a concatenation is one matrix side by side for each part; apart, the input's
        // part, which does not change from step to step, is computed once.
        var h = weights.Hidden;
        projection = new Linear(weights, "input_proj");
        reasoningOfInput = new Linear(weights, "reasoning_layer1", 0, h);
        reasoningOfSolution = new Linear(weights, "reasoning_layer1", h, h);
        reasoningOfLatent = new Linear(weights, "reasoning_layer1", 2 * h, h);
        reasoningOut = new Linear(weights, "reasoning_layer2");
        solutionOfSolution = new Linear(weights, "solution_layer1", 0, h);
        solutionOfLatent = new Linear(weights, "solution_layer1", h, h);
        solutionOut = new Linear(weights, "solution_layer2");
        head = new Linear(weights, "output_head");
        haltIn = new Linear(weights, "halt_layer1");
        haltOut = new Linear(weights, "halt_layer2");
        reasoningNorm = new LayerNorm(weights, "norm_reasoning");
        solutionNorm = new LayerNorm(weights, "norm_solution");
        outputNorm = new LayerNorm(weights, "norm_output");
        workspaces = new WorkspacePool(capacity => new Workspace(capacity, projection.Rows, haltIn.Rows));
    }

    public string Name => "managed fp32";

    public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        var batch = halt.Length;
        if (normalized.Length != batch * FeatureNames.Count || probabilities.Length != batch * Strategy.Count)
        {
            throw new ArgumentException(
                $"{normalized.Length} features, {probabilities.Length} probabilities and {batch} halt probabilities are not one batch of {FeatureNames.Count}, {Strategy.Count} and 1 each");
        }
        if (batch == 0) return;

        var workspace = workspaces.Rent(Math.Min(batch, MaxPiece));
        for (var first = 0; first < batch; first += MaxPiece)
        {
            var count = Math.Min(MaxPiece, batch - first);
            Run(
                workspace, count,
                normalized.Slice(first * FeatureNames.Count, count * FeatureNames.Count),
                probabilities.Slice(first * Strategy.Count, count * Strategy.Count),
                halt.Slice(first, count));
        }
        workspaces.Return(workspace);
    }

    public void Dispose()
    {
        // Its memory is the garbage collector's.
    }

    private void Run(Workspace workspace, int batch, ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        var fromInput = workspace.FromInput(batch);
        var solution = workspace.Solution(batch);
        var latent = workspace.Latent(batch);

        projection.Apply(normalized, workspace.Projected(batch), batch);
        reasoningOfInput.Apply(workspace.Projected(batch), fromInput, batch);
        solution.Clear();
        latent.Clear();
        for (var step = 0; step < steps; step++)
        {
            RefineLatent(workspace, batch, fromInput, solution, latent);
            RefineSolution(workspace, batch, solution, latent);
        }
        ReadStrategies(workspace, batch, solution, probabilities);
        ReadHalt(workspace, batch, latent, halt);
    }

    private void RefineLatent(Workspace workspace, int batch, ReadOnlySpan<float> fromInput, ReadOnlySpan<float> solution, Span<float> latent)
    {
        var inner = workspace.Inner(batch);
        var delta = workspace.Delta(batch);
        reasoningOfSolution.ApplyOnto(fromInput, solution, inner, batch);
        reasoningOfLatent.ApplyOnto(inner, latent, inner, batch);
        Kernels.Gelu(inner);
        reasoningOut.Apply(inner, delta, batch);
        reasoningNorm.AddTo(latent, delta, batch);
    }

    private void RefineSolution(Workspace workspace, int batch, Span<float> solution, ReadOnlySpan<float> latent)
    {
        var inner = workspace.Inner(batch);
        var delta = workspace.Delta(batch);
        solutionOfSolution.Apply(solution, inner, batch);
        solutionOfLatent.ApplyOnto(inner, latent, inner, batch);
        Kernels.Gelu(inner);
        solutionOut.Apply(inner, delta, batch);
        solutionNorm.AddTo(solution, delta, batch);
    }

    private void ReadStrategies(Workspace workspace, int batch, ReadOnlySpan<float> solution, Span<float> probabilities)
    {
        var normed = workspace.Inner(batch);
        normed.Clear();
        outputNorm.AddTo(normed, solution, batch);
        head.Apply(normed, probabilities, batch);
        for (var sample = 0; sample < batch; sample++)
        {
            Kernels.Softmax(probabilities.Slice(sample * Strategy.Count, Strategy.Count));
        }
    }

    private void ReadHalt(Workspace workspace, int batch, ReadOnlySpan<float> latent, Span<float> halt)
    {
        var inner = workspace.HaltInner(batch);
        var logits = workspace.Logits(batch);
        haltIn.Apply(latent, inner, batch);
        Kernels.Gelu(inner);
        haltOut.Apply(inner, logits, batch);
        for (var sample = 0; sample < batch; sample++) halt[sample] = Kernels.Sigmoid(logits[sample * haltOut.Rows]);
    }
}
