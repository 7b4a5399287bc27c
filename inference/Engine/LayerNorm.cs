using Trm.Inference.Weights;

namespace Trm.Inference.Engine;

/// <summary>(x − mean) / √(variance + 1e-5) · γ + β over the last axis; variance with divisor H, as PyTorch has it.</summary>
internal sealed class LayerNorm
{
    private readonly AlignedBuffer<float> scale;
    private readonly AlignedBuffer<float> shift;
    private readonly int size;

    public LayerNorm(ModelWeights source, string layer, EnginePath path)
    {
        var weight = source[$"{layer}.weight"].Data;
        size = weight.Length;
        scale = new AlignedBuffer<float>(path.Padded(size));
        shift = new AlignedBuffer<float>(path.Padded(size));
        weight.CopyTo(scale.Span);
        source[$"{layer}.bias"].Data.CopyTo(shift.Span);
    }

    /// <summary>state += norm(delta), for some of a batch's rows.</summary>
    public void AddTo(Span<float> state, ReadOnlySpan<float> delta, int first, int count)
    {
        var width = scale.Span.Length;
        AddTo(state.Slice(first * width, count * width), delta.Slice(first * width, count * width), count);
    }

    /// <summary>state += norm(delta), for each row of the batch.</summary>
    public void AddTo(Span<float> state, ReadOnlySpan<float> delta, int batch) =>
        Kernels.AddNormalized(state, delta, scale.Span, shift.Span, size, batch);
}
