using System.Runtime.InteropServices;
using Trm.Inference.Checkpoints;
using Trm.Inference.Tests.Engine;

namespace Trm.Inference.Tests.Export;

/// <summary>
/// Reads an exported file and runs it in double precision, by what the ONNX standard says of each operator: so that the
/// graph is checked where there is no runtime to load it.
/// </summary>
internal sealed class GraphInterpreter
{
    private readonly Dictionary<string, Values> constants = [];

    public GraphInterpreter(byte[] file)
    {
        Model = new ProtobufReader(file);
        Graph = Model.Message(7);
        foreach (var tensor in Graph.Messages(5)) constants.Add(tensor.Text(8), Read(tensor));
        Nodes = [.. Graph.Messages(1).Select(node => new GraphNode(node))];
    }

    public ProtobufReader Model { get; }

    public ProtobufReader Graph { get; }

    public IReadOnlyList<GraphNode> Nodes { get; }

    public IReadOnlyCollection<string> Constants => constants.Keys;

    /// <summary>Runs a batch of rows; a value that is used before it is made, or made twice, throws.</summary>
    public (double[] Probabilities, double[] Halt) Run(float[] normalized)
    {
        var input = Graph.Message(11).Text(1);
        var values = new Dictionary<string, Values>(constants) { [input] = new([normalized.Length / 10, 10], [.. normalized.Select(v => (double)v)]) };
        foreach (var node in Nodes)
        {
            var outputs = Apply(node, [.. node.Inputs.Select(name => values[name])]);
            foreach (var (name, value) in node.Outputs.Zip(outputs)) values.Add(name, value);
        }
        return (values["probabilities"].Data, values["halt"].Data);
    }

    private static Values[] Apply(GraphNode node, Values[] x) => node.Type switch
    {
        "Gemm" => [Gemm(x[0], x[1], x[2], node.Integers.GetValueOrDefault("transB") == 1)],
        "Add" => [Pairwise(x[0], x[1], (a, b) => a + b)],
        "Mul" => [Pairwise(x[0], x[1], (a, b) => a * b)],
        "Div" => [Pairwise(x[0], x[1], (a, b) => a / b)],
        "Erf" => [Each(x[0], ReferenceModel.Erf)],
        "Sigmoid" => [Each(x[0], v => 1 / (1 + Math.Exp(-v)))],
        "Cast" => [x[0]],
        "Concat" when node.Integers["axis"] == 1 => [Rows(x[0].Rows, row => [.. x.SelectMany(part => part.Row(row))])],
        "Slice" => [Slice(x[0], (int)x[1].Data[0], (int)x[2].Data[0], (int)x[3].Data[0])],
        "Softmax" when node.Integers["axis"] == -1 => [EachRow(x[0], Softmax)],
        "LayerNormalization" when node.Integers["axis"] == -1 => [EachRow(x[0], row => Norm(row, x[1].Data, x[2].Data, node.Floats["epsilon"]))],
        "DynamicQuantizeLinear" => Quantize(x[0]),
        "MatMulInteger" => [MatMul(Pairwise(x[0], x[2], (a, zero) => a - zero), x[1])],
        _ => throw new NotSupportedException(node.Type),
    };

    private static Values Gemm(Values a, Values b, Values c, bool transposed)
    {
        var matrix = transposed ? Rows(b.Columns, column => [.. Enumerable.Range(0, b.Rows).Select(row => b.Data[row * b.Columns + column])]) : b;
        return Pairwise(MatMul(a, matrix), c, (product, addend) => product + addend);
    }

    private static Values MatMul(Values a, Values b)
    {
        Assert.Equal(a.Columns, b.Rows);
        return Rows(a.Rows, row => [.. Enumerable.Range(0, b.Columns).Select(column => Enumerable.Range(0, b.Rows).Sum(k => a.Data[row * a.Columns + k] * b.Data[k * b.Columns + column]))]);
    }

    // The second is broadcast: a scalar, a row, or of the same shape. A scalar may also come first.
    private static Values Pairwise(Values a, Values b, Func<double, double, double> apply)
    {
        if (a.Data.Length < b.Data.Length) return Pairwise(b, a, (x, y) => apply(y, x));
        Assert.True(b.Data.Length == 1 || b.Columns == a.Columns);
        return new(a.Shape, [.. a.Data.Select((value, i) => apply(value, b.Data[i % b.Data.Length]))]);
    }

    private static Values Each(Values a, Func<double, double> apply) => new(a.Shape, [.. a.Data.Select(apply)]);

    private static Values EachRow(Values a, Func<double[], double[]> apply) => Rows(a.Rows, row => apply(a.Row(row)));

    private static Values Rows(int count, Func<int, double[]> row)
    {
        double[] data = [.. Enumerable.Range(0, count).SelectMany(row)];
        return new([count, data.Length / count], data);
    }

    private static Values Slice(Values a, int from, int to, int axis) => axis == 0
        ? Rows(to - from, row => a.Row(from + row))
        : EachRow(a, row => row[from..to]);

    private static double[] Softmax(double[] row)
    {
        var exponentials = row.Select(v => Math.Exp(v - row.Max())).ToArray();
        return [.. exponentials.Select(e => e / exponentials.Sum())];
    }

    private static double[] Norm(double[] row, double[] scale, double[] shift, float epsilon)
    {
        var mean = row.Average();
        var deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
        return [.. row.Select((v, i) => (v - mean) / deviation * scale[i] + shift[i])];
    }

    private static Values[] Quantize(Values a)
    {
        var (least, most) = (Math.Min(0, a.Data.Min()), Math.Max(0, a.Data.Max()));
        var scale = (most - least) / 255;
        var zero = Math.Clamp(Math.Round(-least / scale), 0, 255);
        return [Each(a, v => Math.Clamp(Math.Round(v / scale) + zero, 0, 255)), new([], [scale]), new([], [zero])];
    }

    private static Values Read(ProtobufReader tensor)
    {
        var bytes = tensor.Bytes(9).ToArray();
        double[] data = tensor.Integer(2) switch
        {
            1 => [.. MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).ToArray().Select(v => (double)v)],
            3 => [.. bytes.Select(v => (double)(sbyte)v)],
            7 => [.. MemoryMarshal.Cast<byte, long>(bytes.AsSpan()).ToArray().Select(v => (double)v)],
            var type => throw new NotSupportedException($"type {type}"),
        };
        int[] shape = [.. tensor.Integers(1).Select(axis => (int)axis)];
        Assert.Equal(shape.Aggregate(1, (a, b) => a * b), data.Length);
        return new(shape, data);
    }

    private sealed record Values(int[] Shape, double[] Data)
    {
        public int Columns => Shape.Length == 0 ? 1 : Shape[^1];

        public int Rows => Data.Length / Columns;

        public double[] Row(int row) => Data[(row * Columns)..((row + 1) * Columns)];
    }
}
