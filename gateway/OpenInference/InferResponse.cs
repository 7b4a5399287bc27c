using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.OpenInference;

/// <summary>The answer: JSON, and after it the bytes of the outputs that were asked for in binary.</summary>
/// <param name="request">What was asked.</param>
/// <param name="version">Of the model that answered.</param>
/// <param name="rows">One for each row of the request.</param>
internal sealed class InferResponse(InferRequest request, string version, IReadOnlyList<ModelOutput> rows) : IResult
{
    /// <summary>Content type of an answer with bytes in it.</summary>
    public const string BinaryType = "application/octet-stream";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // All of it before the first byte leaves: a number that is not finite is an error and not half an answer.
        var json = Json();
        var binary = Binary();
        var response = httpContext.Response;
        response.ContentType = OpenInferenceEndpoints.JsonType;
        if (request.Outputs.Any(o => o.IsBinary))
        {
            response.ContentType = BinaryType;
            response.Headers[InferBody.JsonLengthHeader] = json.Length.ToString(CultureInfo.InvariantCulture);
        }
        response.ContentLength = json.Length + binary.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted);
        if (!binary.IsEmpty) await response.Body.WriteAsync(binary, httpContext.RequestAborted);
    }

    private byte[] Json() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        if (request.Id is { } id) json.WriteString("id", id);
        json.WriteString("model_name", ServedModel.Name);
        json.WriteString("model_version", version);
        json.WriteStartArray("outputs");
        foreach (var (tensor, isBinary) in request.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", tensor.Datatype);
            json.WriteStartArray("shape");
            json.WriteNumberValue(rows.Count);
            json.WriteNumberValue(tensor.Columns);
            json.WriteEndArray();
            if (isBinary)
            {
                json.WriteStartObject("parameters");
                json.WriteNumber("binary_data_size", rows.Count * tensor.RowSize);
                json.WriteEndObject();
            }
            else
            {
                tensor.WriteData(json, rows);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private ReadOnlyMemory<byte> Binary()
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var (tensor, _) in request.Outputs.Where(o => o.IsBinary)) tensor.WriteBinary(bytes, rows);
        return bytes.WrittenMemory;
    }
}
