using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Weights;

namespace Trm.Inference.Engine;

/// <summary>
/// The forward pass on the CPU, for any T ≥ 1, n ≥ 0 and even H; without allocating once its workspaces exist. The matrices
/// of the steps are in fp32 or int16, all else is in fp32.
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
    /// A larger batch is run in pieces: at 128 rows the arithmetic far outweighs the weights' way from memory, and a
    /// workspace stays near two megabytes at H 512.
    /// </summary>
    private const int MaxPiece = 128;

    private readonly int steps;
    private readonly Linear reasoningOfInput;
    private readonly StepLayers layers;
    private readonly Linear head;
    private readonly Linear haltIn;
    private readonly Linear haltOut;
    private readonly LayerNorm outputNorm;
    private readonly WorkspacePool workspaces;
    private readonly RowTeam? team;

    public ManagedEngine(ModelWeights weights, int recursionCycles, int latentSteps, Precision precision = Precision.Fp32, int threads = 1, EnginePath? path = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recursionCycles, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(latentSteps);
        ArgumentOutOfRangeException.ThrowIfEqual((int)precision, (int)Precision.Auto);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        steps = checked(recursionCycles * latentSteps);
        path ??= EnginePath.Best;
        Name = $"managed {(precision == Precision.Int16 ? $"int16 {path.Name}" : $"fp32 {path.Fp32Name}")}{(threads > 1 ? $" x{threads}" : "")}";

        // A layer that reads a concatenation is one matrix side by side for each part; apart, the input's
        // part, which does not change from step to step, is computed once, and straight from the features.
        var h = weights.Hidden;
        reasoningOfInput = Linear.Folded(weights, "input_proj", "reasoning_layer1", path, 0);
        layers = new StepLayers(
            Part("reasoning_layer1", firstColumn: h), Part("reasoning_layer1", firstColumn: 2 * h), Part("reasoning_layer2", firstColumn: 0),
            Part("solution_layer1", firstColumn: 0), Part("solution_layer1", firstColumn: h), Part("solution_layer2", firstColumn: 0),
            new LayerNorm(weights, "norm_reasoning", path), new LayerNorm(weights, "norm_solution", path));
        head = Linear.Of(weights, "output_head", path);
        haltIn = Linear.Of(weights, "halt_layer1", path);
        haltOut = Linear.Of(weights, "halt_layer2", path);
        outputNorm = new LayerNorm(weights, "norm_output", path);
        workspaces = new WorkspacePool(capacity => new Workspace(capacity, layers, haltIn.Rows, Math.Max(head.Rows, haltOut.Rows)));
        if (threads > 1) team = new RowTeam(threads - 1);

        Linear Part(string layer, int firstColumn) => Linear.Part(weights, layer, path, precision, firstColumn, h);
    }

    public string Name { get; }

    public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        var batch = halt.Length;
        if (normalized.Length != batch * FeatureNames.Count || probabilities.Length != batch * Strategy.Count)
        {
            throw new ArgumentException(
                $"{normalized.Length} features, {probabilities.Length} probabilities and {batch} halt probabilities are not one batch of {FeatureNames.Count}, {Strategy.Count} and 1 each");
        }
        if (batch == 0) return;

        var workspace = workspaces.Rent(PackedMatrix.PaddedBatch(Math.Min(batch, MaxPiece)));
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

    public void Dispose() => team?.Dispose();

    private void Run(Workspace workspace, int batch, ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
    {
        workspace.Batch = PackedMatrix.PaddedBatch(batch);
        normalized.CopyTo(workspace.Normalized);
        reasoningOfInput.Apply(workspace.NormalizedInput, workspace.FromInput, workspace.Batch);
        Refine(workspace);
        ReadStrategies(workspace, probabilities);
        ReadHalt(workspace, halt);
    }

    private void Refine(Workspace workspace)
    {
        var (stages, batch) = (workspace.Stages, workspace.Batch);
        workspace.Solution.Clear();
        workspace.Latent.Clear();
        var helpers = team is not null && team.TryLead() ? team : null;
        try
        {
            for (var step = 0; step < steps; step++)
            {
                stages.Reason(batch, isFirst: step == 0, helpers);
                stages.Solve(batch, isFirst: step == 0, helpers);
            }
        }
        finally
        {
            helpers?.Leave();
        }
    }

    private void ReadStrategies(Workspace workspace, Span<float> probabilities)
    {
        var normed = workspace.Inner;
        normed.Clear();
        outputNorm.AddTo(normed, workspace.Solution, workspace.Batch);
        head.Apply(workspace.InnerInput, workspace.Logits[..(workspace.Batch * head.Rows)], workspace.Batch);
        for (var sample = 0; sample < probabilities.Length / Strategy.Count; sample++)
        {
            var row = probabilities.Slice(sample * Strategy.Count, Strategy.Count);
            workspace.Logits.Slice(sample * head.Rows, Strategy.Count).CopyTo(row);
            Kernels.Softmax(row);
        }
    }

    private void ReadHalt(Workspace workspace, Span<float> halt)
    {
        var inner = workspace.HaltInner;
        haltIn.Apply(workspace.LatentInput, inner, workspace.Batch);
        Gelu.Apply(inner);
        haltOut.Apply(workspace.HaltInnerInput, workspace.Logits[..(workspace.Batch * haltOut.Rows)], workspace.Batch);
        for (var sample = 0; sample < halt.Length; sample++) halt[sample] = Kernels.Sigmoid(workspace.Logits[sample * haltOut.Rows]);
    }
}
