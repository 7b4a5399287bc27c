namespace Trm.Inference.Export;

/// <summary>An attribute of a node: an integer or a float.</summary>
internal readonly record struct OnnxAttribute
{
    private const int FloatType = 1;
    private const int IntType = 2;

    private readonly string name;
    private readonly long? integer;
    private readonly float number;

    public OnnxAttribute(string name, long value) => (this.name, integer) = (name, value);

    public OnnxAttribute(string name, float value) => (this.name, number) = (name, value);

    /// <summary>The message.</summary>
    public ProtobufWriter Write()
    {
        var message = new ProtobufWriter().Text(1, name);
        return integer is { } value
            ? message.Integer(3, value).Integer(20, IntType)
            : message.Float(2, number).Integer(20, FloatType);
    }
}
