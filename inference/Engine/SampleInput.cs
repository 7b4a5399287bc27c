namespace Trm.Inference.Engine;

/// <summary>One sample's vector as matrices read it: floats, and the same as scaled integers once a matrix has prepared it.</summary>
internal sealed class SampleInput(AlignedBuffer<float> floats, int length)
{
    private readonly AlignedBuffer<short> integers = new(length);

    public ReadOnlySpan<float> Floats => floats.Span[..length];

    public Span<short> Integers => integers.Span;

    /// <summary>A float is an integer times this.</summary>
    public float Scale { get; set; }
}
