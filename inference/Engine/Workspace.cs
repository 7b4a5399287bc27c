using Trm.Core.Features;

namespace Trm.Inference.Engine;

/// <summary>The intermediate values of one caller's batch, each buffer capacity × padded width.</summary>
/// <param name="capacity">Rows, a padded batch.</param>
/// <param name="hidden">H, padded.</param>
/// <param name="haltHidden">H/2, padded.</param>
/// <param name="outputs">Strategies, padded.</param>
internal sealed class Workspace(int capacity, int hidden, int haltHidden, int outputs)
{
    private readonly AlignedBuffer<float> normalized = new(capacity * FeatureNames.Count);
    private readonly AlignedBuffer<float> fromInput = new(capacity * hidden);
    private readonly AlignedBuffer<float> inner = new(capacity * hidden);
    private readonly AlignedBuffer<float> delta = new(capacity * hidden);
    private readonly AlignedBuffer<float> solution = new(capacity * hidden);
    private readonly AlignedBuffer<float> latent = new(capacity * hidden);
    private readonly AlignedBuffer<float> haltInner = new(capacity * haltHidden);
    private readonly AlignedBuffer<float> logits = new(capacity * outputs);
    private readonly AlignedBuffer<short> integers = new(capacity * hidden);

    /// <summary>The largest batch it has room for.</summary>
    public int Capacity => capacity;

    /// <summary>Rows in use: the batch, padded to what the kernels take. Rows beyond the batch hold what was there before.</summary>
    public int Batch { get; set; }

    /// <summary>How the layers of a step run over one sample at a time; null in a workspace for more.</summary>
    public SampleStages? Stages { get; private set; }

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

    /// <summary>Ties the layers of a step to these buffers.</summary>
    public void Bind(StepLayers layers) => Stages = new SampleStages(layers, fromInput, inner, delta, solution, latent, hidden);

    /// <summary>A matrix's inputs as integers.</summary>
    public Span<short> Integers => integers.Span[..(Batch * hidden)];
}
