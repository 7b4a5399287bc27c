using Trm.Core.Features;

namespace Trm.Inference.Engine;

/// <summary>The intermediate values of one caller's batch, each buffer capacity × padded width.</summary>
internal sealed class Workspace
{
    private readonly AlignedBuffer<float> normalized;
    private readonly AlignedBuffer<float> fromInput;
    private readonly AlignedBuffer<float> inner;
    private readonly AlignedBuffer<float> delta;
    private readonly AlignedBuffer<float> solution;
    private readonly AlignedBuffer<float> latent;
    private readonly AlignedBuffer<float> haltInner;
    private readonly AlignedBuffer<float> logits;
    private readonly int hidden;
    private readonly int haltHidden;
    private readonly int outputs;

    /// <param name="capacity">Samples, a padded batch.</param>
    /// <param name="layers">The layers of a step.</param>
    /// <param name="haltHidden">H/2, padded.</param>
    /// <param name="outputs">Strategies, padded.</param>
    public Workspace(int capacity, StepLayers layers, int haltHidden, int outputs)
    {
        Capacity = capacity;
        hidden = layers.SolutionOut.Rows;
        (this.haltHidden, this.outputs) = (haltHidden, outputs);
        normalized = new(capacity * FeatureNames.Count);
        fromInput = new(capacity * hidden);
        inner = new(capacity * hidden);
        delta = new(capacity * hidden);
        solution = new(capacity * hidden);
        latent = new(capacity * hidden);
        haltInner = new(capacity * haltHidden);
        logits = new(capacity * outputs);

        NormalizedInput = new LayerInput(normalized, capacity, FeatureNames.Count);
        InnerInput = new LayerInput(inner, capacity, hidden);
        LatentInput = new LayerInput(latent, capacity, hidden);
        HaltInnerInput = new LayerInput(haltInner, capacity, haltHidden);
        Stages = new StepStages(layers, fromInput, inner, delta, solution, latent, new LayerInput(solution, capacity, hidden), LatentInput, InnerInput);
    }

    /// <summary>The largest batch it has room for.</summary>
    public int Capacity { get; }

    /// <summary>Samples in use: the batch, padded to what the kernels take. Those beyond the batch hold what was there before.</summary>
    public int Batch { get; set; }

    /// <summary>The layers of a step over these buffers.</summary>
    public StepStages Stages { get; }

    /// <summary><see cref="Normalized"/> as a layer reads it.</summary>
    public LayerInput NormalizedInput { get; }

    /// <summary><see cref="Inner"/> as a layer reads it.</summary>
    public LayerInput InnerInput { get; }

    /// <summary><see cref="Latent"/> as a layer reads it.</summary>
    public LayerInput LatentInput { get; }

    /// <summary><see cref="HaltInner"/> as a layer reads it.</summary>
    public LayerInput HaltInnerInput { get; }

    /// <summary>The inputs.</summary>
    public Span<float> Normalized => normalized.Span[..(Batch * FeatureNames.Count)];

    /// <summary>The part of W1·[x̂; y; z] that x̂ gives: constant for a prediction.</summary>
    public Span<float> FromInput => fromInput.Span[..(Batch * hidden)];

    /// <summary>Between the two layers of a step.</summary>
    public Span<float> Inner => inner.Span[..(Batch * hidden)];

    /// <summary>What a step adds, before its norm.</summary>
    public Span<float> Delta => delta.Span[..(Batch * hidden)];

    /// <summary>y.</summary>
    public Span<float> Solution => solution.Span[..(Batch * hidden)];

    /// <summary>z.</summary>
    public Span<float> Latent => latent.Span[..(Batch * hidden)];

    /// <summary>Between the two layers of the halt head.</summary>
    public Span<float> HaltInner => haltInner.Span[..(Batch * haltHidden)];

    /// <summary>Of the strategies, or of halt, with padding behind them in each row.</summary>
    public Span<float> Logits => logits.Span[..(Batch * outputs)];
}
