namespace Trm.Inference.Engine;

/// <summary>A batch's vectors as matrices read them: floats, and the same as scaled integers once a matrix has prepared them.</summary>
/// <param name="floats">capacity × stride.</param>
/// <param name="capacity">Samples.</param>
/// <param name="stride">Floats from one sample to the next.</param>
internal sealed class LayerInput(AlignedBuffer<float> floats, int capacity, int stride)
{
    private readonly float[] scales = new float[capacity];
    private readonly AlignedBuffer<short> integers = new(capacity * Int16Rows.Padded(stride));

    /// <summary>Floats from one sample to the next.</summary>
    public int Stride => stride;

    public ReadOnlySpan<float> Floats => floats.Span;

    /// <summary>Samples one after the other, each as long as the matrix that prepared them is wide.</summary>
    public Span<short> Integers => integers.Span;

    /// <summary>A sample's float is its integer times this.</summary>
    public Span<float> Scales => scales;
}
