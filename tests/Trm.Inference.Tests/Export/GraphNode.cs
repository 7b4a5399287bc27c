using Trm.Inference.Checkpoints;

namespace Trm.Inference.Tests.Export;

/// <summary>A node of an exported file.</summary>
internal sealed class GraphNode(ProtobufReader node)
{
    public string Type { get; } = node.Text(4);

    public IReadOnlyList<string> Inputs { get; } = [.. node.Texts(1)];

    public IReadOnlyList<string> Outputs { get; } = [.. node.Texts(2)];

    public IReadOnlyDictionary<string, long> Integers { get; } = node.Messages(5).Where(a => a.Integer(20) == 2).ToDictionary(a => a.Text(1), a => a.Integer(3));

    public IReadOnlyDictionary<string, float> Floats { get; } = node.Messages(5).Where(a => a.Integer(20) == 1).ToDictionary(a => a.Text(1), a => a.Float(2));
}
