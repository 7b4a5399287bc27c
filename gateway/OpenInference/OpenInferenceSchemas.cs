using System.Text.Json;

namespace Trm.Gateway.OpenInference;

// What OpenAPI says of the protocol's bodies; the small ones are written as they are here, a test holds the names together.

internal sealed record ServerMetadataBody(string Name, string Version, IReadOnlyList<string> Extensions);

internal sealed record ServerLiveBody(bool Live);

// The protocol's text says live where its clients read ready.
internal sealed record ServerReadyBody(bool Live, bool Ready);

internal sealed record ModelReadyBody(string Name, bool Ready);

internal sealed record ModelMetadataBody(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadataBody> Inputs, IReadOnlyList<TensorMetadataBody> Outputs);

internal sealed record TensorMetadataBody(string Name, string Datatype, IReadOnlyList<int> Shape);

internal sealed record InferErrorBody(string Error);

internal sealed record InferRequestSchema(
    IReadOnlyList<InferInputSchema> Inputs, string? Id = null, IReadOnlyDictionary<string, JsonElement>? Parameters = null, IReadOnlyList<InferOutputSchema>? Outputs = null);

internal sealed record InferInputSchema(
    string Name, IReadOnlyList<int> Shape, string Datatype, IReadOnlyDictionary<string, JsonElement>? Parameters = null, IReadOnlyList<JsonElement>? Data = null);

internal sealed record InferOutputSchema(string Name, IReadOnlyDictionary<string, JsonElement>? Parameters = null);

internal sealed record InferResponseSchema(string ModelName, string ModelVersion, IReadOnlyList<InferTensorSchema> Outputs, string? Id = null);

internal sealed record InferTensorSchema(
    string Name, string Datatype, IReadOnlyList<int> Shape, IReadOnlyDictionary<string, JsonElement>? Parameters = null, IReadOnlyList<double>? Data = null);
