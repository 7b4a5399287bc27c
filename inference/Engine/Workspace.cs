namespace Trm.Inference.Engine;

/// <summary>The intermediate values of one caller's batch, each buffer capacity × padded width.</summary>
internal sealed class Workspace(int capacity, int hidden, int haltHidden)
{
    private readonly AlignedBuffer projected = new(capacity * hidden);
    private readonly AlignedBuffer fromInput = new(capacity * hidden);
    private readonly AlignedBuffer inner = new(capacity * hidden);
    private readonly AlignedBuffer delta = new(capacity * hidden);
    private readonly AlignedBuffer solution = new(capacity * hidden);
    private readonly AlignedBuffer latent = new(capacity * hidden);
    private readonly AlignedBuffer haltInner = new(capacity * haltHidden);
    private readonly AlignedBuffer logits = new(capacity * Kernels.Width);

    /// <summary>The largest batch it has room for.</summary>
    public int Capacity => capacity;

    /// <summary>x̂.</summary>
    public Span<float> Projected(int batch) => projected.Span[..(batch * hidden)];

    /// <summary>The part of W1·[x̂; y; z] that x̂ gives: constant for a prediction.</summary>
    public Span<float> FromInput(int batch) => fromInput.Span[..(batch * hidden)];

    /// <summary>Between the two layers of a step.</summary>
    public Span<float> Inner(int batch) => inner.Span[..(batch * hidden)];

    /// <summary>What a step adds, before its norm.</summary>
    public Span<float> Delta(int batch) => delta.Span[..(batch * hidden)];

    /// <summary>y.</summary>
    public Span<float> Solution(int batch) => solution.Span[..(batch * hidden)];

    /// <summary>z.</summary>
    public Span<float> Latent(int batch) => latent.Span[..(batch * hidden)];

    /// <summary>Between the two layers of the halt head.</summary>
    public Span<float> HaltInner(int batch) => haltInner.Span[..(batch * haltHidden)];

    /// <summary>Eight a row: strategies, or the halt logit and padding.</summary>
    public Span<float> Logits(int batch) => logits.Span[..(batch * Kernels.Width)];
}
