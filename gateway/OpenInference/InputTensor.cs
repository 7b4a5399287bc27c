using System.Buffers.Binary;
using System.Text.Json;
using Trm.Core.Features;

namespace Trm.Gateway.OpenInference;

/// <summary>
/// The one input, <c>features</c>: raw features, [n, 10] in the order of <see cref="FeatureNames"/>, FP32 or FP64, as
/// numbers (flat or nested) or as little-endian bytes after the JSON.
/// </summary>
internal static class InputTensor
{
    /// <summary>Its name.</summary>
    public const string Name = "features";

    /// <summary>The type that the metadata names; <see cref="Double"/> is taken as well.</summary>
    public const string Single = "FP32";

    /// <summary>The wider type.</summary>
    public const string Double = "FP64";

    private const string Path = "inputs[0]";
    private const string BinarySize = "binary_data_size";

    /// <summary>The rows of a request.</summary>
    /// <param name="request">The request object.</param>
    /// <param name="body">Where binary data lie.</param>
    /// <param name="rowLimit">Most rows.</param>
    /// <exception cref="InvalidInferenceException">The tensor is not the one above; the message names what is not.</exception>
    public static FeatureVector[] Read(JsonElement request, InferBody body, int rowLimit)
    {
        var inputs = ProtocolJson.Array(request, "request", "inputs");
        if (inputs is not { } given || given.GetArrayLength() != 1)
            throw new InvalidInferenceException($"the request has {inputs?.GetArrayLength() ?? 0} inputs; the model takes one, {Name}");
        var input = given[0];
        var name = ProtocolJson.Text(input, Path, "name");
        if (name != Name) throw new InvalidInferenceException($"{Path}.name is {Quoted(name)}; the model takes '{Name}'");
        var isDouble = IsDouble(ProtocolJson.Text(input, Path, "datatype"));
        var values = new double[Rows(input, rowLimit) * FeatureNames.Count];
        if (ProtocolJson.Parameter(input, Path, BinarySize) is { } size) ReadBinary(input, size, body, isDouble, values);
        else ReadJson(input, body, isDouble, values);
        return ToVectors(values);
    }

    private static bool IsDouble(string? datatype) => datatype switch
    {
        Single => false,
        Double => true,
        _ => throw new InvalidInferenceException($"{Path}.datatype is {Quoted(datatype)}; it must be {Single} or {Double}"),
    };

    // The limit is checked before anything is multiplied or allocated.
    private static int Rows(JsonElement input, int limit)
    {
        if (ProtocolJson.Array(input, Path, "shape") is not { } shape)
            throw new InvalidInferenceException($"{Path} has no shape; send [n,{FeatureNames.Count}]");
        var hasTwo = shape.GetArrayLength() == 2;
        if (!hasTwo || !IsWhole(shape[0], out var rows) || !IsWhole(shape[1], out var columns) || columns != FeatureNames.Count)
            throw ProtocolJson.Wrong($"{Path}.shape", shape, $"[n,{FeatureNames.Count}], [1,{FeatureNames.Count}] for one row");
        if (rows < 1 || rows > limit)
            throw new InvalidInferenceException($"{Path}.shape is {ProtocolJson.Shown(shape)}; a request may have from 1 to {limit} rows, send more in several");
        return (int)rows;
    }

    private static bool IsWhole(JsonElement dimension, out long value)
    {
        value = 0;
        return dimension.ValueKind == JsonValueKind.Number && dimension.TryGetInt64(out value);
    }

    private static void ReadBinary(JsonElement input, JsonElement size, InferBody body, bool isDouble, double[] values)
    {
        var width = isDouble ? sizeof(double) : sizeof(float);
        var wanted = values.Length * width;
        if (!IsWhole(size, out var said) || said != wanted)
            throw ProtocolJson.Wrong($"{Path}.parameters.{BinarySize}", size, $"{wanted}, {values.Length} numbers of {width} bytes");
        if (ProtocolJson.Field(input, Path, "data") is not null)
            throw new InvalidInferenceException($"{Path} has both data and {BinarySize}; send one");
        if (!body.IsSplit)
            throw new InvalidInferenceException($"{Path} has {BinarySize} but the request no header {InferBody.JsonLengthHeader}; send the length of the JSON in it");
        if (body.Binary.Length != wanted)
            throw new InvalidInferenceException($"{body.Binary.Length} bytes follow the JSON; {Path} has {wanted}");
        var bytes = body.Binary.Span;
        for (var i = 0; i < values.Length; i++)
            values[i] = isDouble ? BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * width)..]) : BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * width)..]);
    }

    private static void ReadJson(JsonElement input, InferBody body, bool isDouble, double[] values)
    {
        if (ProtocolJson.Array(input, Path, "data") is not { } data)
            throw new InvalidInferenceException($"{Path} has neither data nor {BinarySize}; send {values.Length} numbers as data");
        if (!body.Binary.IsEmpty)
            throw new InvalidInferenceException($"{body.Binary.Length} bytes follow the JSON, and no input has a {BinarySize}");
        if (data.GetArrayLength() > 0 && data[0].ValueKind == JsonValueKind.Array) ReadNested(data, isDouble, values);
        else ReadNumbers(data, $"{Path}.data", isDouble, values);
    }

    private static void ReadNested(JsonElement data, bool isDouble, Span<double> values)
    {
        var rows = values.Length / FeatureNames.Count;
        if (data.GetArrayLength() != rows)
            throw new InvalidInferenceException($"{Path}.data has {data.GetArrayLength()} rows, its shape {rows}");
        var row = 0;
        foreach (var numbers in data.EnumerateArray())
        {
            var path = $"{Path}.data[{row}]";
            if (numbers.ValueKind != JsonValueKind.Array) throw ProtocolJson.Wrong(path, numbers, $"an array of {FeatureNames.Count} numbers, as the first is");
            ReadNumbers(numbers, path, isDouble, values.Slice(row * FeatureNames.Count, FeatureNames.Count));
            row++;
        }
    }

    // An FP32 number in text is the same as its four bytes: both ways of sending it mean the same prediction.
    private static void ReadNumbers(JsonElement numbers, string path, bool isDouble, Span<double> values)
    {
        if (numbers.GetArrayLength() != values.Length)
            throw new InvalidInferenceException($"{path} has {numbers.GetArrayLength()} numbers, its shape {values.Length}");
        var i = 0;
        foreach (var number in numbers.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number) throw ProtocolJson.Wrong($"{path}[{i}]", number, "a finite number");
            values[i++] = isDouble ? number.GetDouble() : number.GetSingle();
        }
    }

    private static FeatureVector[] ToVectors(double[] values)
    {
        var vectors = new FeatureVector[values.Length / FeatureNames.Count];
        for (var row = 0; row < vectors.Length; row++)
        {
            try
            {
                vectors[row] = FeatureVector.From(values.AsSpan(row * FeatureNames.Count, FeatureNames.Count));
            }
            catch (InvalidFeaturesException error)
            {
                throw new InvalidInferenceException($"row {row}: {error.Message}", error);
            }
        }
        return vectors;
    }

    private static string Quoted(string? text) => text is null ? "missing" : $"'{ProtocolJson.Shown(text)}'";
}
