using System.Text.Json;
using Trm.Core;
using Trm.Core.Features;

namespace Trm.Gateway.OpenInference;

/// <summary>What a client asks the model. Parameters that this server does not know (priority, timeout, …) are passed over.</summary>
/// <param name="Id">The client's name of the request, sent back; null when it gave none.</param>
/// <param name="Rows">One or more.</param>
/// <param name="Outputs">In the order of the answer.</param>
internal sealed record InferRequest(string? Id, IReadOnlyList<FeatureVector> Rows, IReadOnlyList<RequestedOutput> Outputs)
{
    /// <summary>Reads the whole of it before anything is predicted.</summary>
    /// <param name="body">JSON and binary data.</param>
    /// <param name="rowLimit">Most rows.</param>
    /// <exception cref="InvalidInferenceException">It is not to the protocol, or not for this model.</exception>
    /// <exception cref="TrmException"><c>bad_json</c>: the JSON is none.</exception>
    public static InferRequest Read(InferBody body, int rowLimit)
    {
        using var document = Parse(body.Json);
        var request = document.RootElement;
        return new InferRequest(ProtocolJson.Text(request, "request", "id"), InputTensor.Read(request, body, rowLimit), RequestedOutput.Read(request));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new TrmException(
                "bad_json", $"the request is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine}); tensors in binary need the header {InferBody.JsonLengthHeader}", error);
        }
    }
}
