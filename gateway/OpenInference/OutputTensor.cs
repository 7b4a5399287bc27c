using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.OpenInference;

/// <summary>One of the tensors that the model answers, [n, <see cref="Columns"/>] in row-major order.</summary>
internal sealed class OutputTensor
{
    private readonly Func<ModelOutput, int, float>? number;

    private OutputTensor(string name, int columns, Func<ModelOutput, int, float>? number)
    {
        Name = name;
        Columns = columns;
        this.number = number;
    }

    /// <summary>All of them, in the order in which they are sent when none is asked for.</summary>
    public static IReadOnlyList<OutputTensor> All { get; } =
    [
        new("probabilities", Strategy.Count, (output, column) => output.Probabilities[column]),
        new("halt_probability", 1, (output, _) => output.HaltProbability),
        new("strategy_id", 1, null),
        new("confidence", 1, (output, _) => output.Probabilities[Strategy.MostProbable(output.Probabilities).Id]),
    ];

    /// <summary>On the wire.</summary>
    public string Name { get; }

    /// <summary>Numbers in a row.</summary>
    public int Columns { get; }

    /// <summary><c>FP32</c>; <c>INT64</c> for the strategy's id.</summary>
    public string Datatype => number is null ? "INT64" : "FP32";

    /// <summary>Bytes of one row in binary.</summary>
    public int RowSize => Columns * (number is null ? sizeof(long) : sizeof(float));

    /// <summary>Writes the rows as a flat JSON array.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public void WriteData(Utf8JsonWriter json, IReadOnlyList<ModelOutput> rows)
    {
        json.WriteStartArray("data");
        foreach (var row in rows)
        {
            for (var column = 0; column < Columns; column++)
            {
                if (number is null) json.WriteNumberValue(StrategyId(row));
                else json.WriteNumberValue(Finite(row, column));
            }
        }
        json.WriteEndArray();
    }

    /// <summary>Writes the rows as little-endian bytes.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public void WriteBinary(IBufferWriter<byte> bytes, IReadOnlyList<ModelOutput> rows)
    {
        foreach (var row in rows)
        {
            var span = bytes.GetSpan(RowSize);
            for (var column = 0; column < Columns; column++)
            {
                if (number is null) BinaryPrimitives.WriteInt64LittleEndian(span, StrategyId(row));
                else BinaryPrimitives.WriteSingleLittleEndian(span[(column * sizeof(float))..], Finite(row, column));
            }
            bytes.Advance(RowSize);
        }
    }

    private static long StrategyId(ModelOutput row) => Strategy.MostProbable(row.Probabilities).Id;

    private float Finite(ModelOutput row, int column)
    {
        var value = number!(row, column);
        return float.IsFinite(value) ? value : throw new NonFinitePredictionException(Name, value);
    }
}
