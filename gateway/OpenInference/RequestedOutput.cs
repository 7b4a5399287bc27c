using System.Text.Json;

namespace Trm.Gateway.OpenInference;

/// <summary>A tensor to answer.</summary>
/// <param name="Tensor">Which.</param>
/// <param name="IsBinary">As bytes after the JSON, else as numbers in it.</param>
internal readonly record struct RequestedOutput(OutputTensor Tensor, bool IsBinary)
{
    // Extensions that change what an output is: to pass over them would answer something else than was asked for.
    private static readonly string[] Refused = ["classification", "shared_memory_region"];

    /// <summary>What a request asks for: all outputs when it names none.</summary>
    /// <exception cref="InvalidInferenceException">An output is unknown, named twice or asked for in a way that is not offered.</exception>
    public static IReadOnlyList<RequestedOutput> Read(JsonElement request)
    {
        var isBinary = ProtocolJson.Flag(request, "request", "binary_data_output") ?? false;
        if (ProtocolJson.Array(request, "request", "outputs") is not { } outputs || outputs.GetArrayLength() == 0)
            return [.. OutputTensor.All.Select(tensor => new RequestedOutput(tensor, isBinary))];
        var requested = new List<RequestedOutput>();
        foreach (var output in outputs.EnumerateArray())
        {
            var path = $"outputs[{requested.Count}]";
            var tensor = Find(path, ProtocolJson.Text(output, path, "name"));
            if (requested.Exists(r => r.Tensor == tensor)) throw new InvalidInferenceException($"{path}.name is '{tensor.Name}' for the second time; name each output once");
            if (Array.Find(Refused, name => ProtocolJson.Parameter(output, path, name) is not null) is { } extension)
                throw new InvalidInferenceException($"{path}.parameters has {extension}, an extension that is not offered; leave it out");
            requested.Add(new RequestedOutput(tensor, ProtocolJson.Flag(output, path, "binary_data") ?? isBinary));
        }
        return requested;
    }

    private static OutputTensor Find(string path, string? name) =>
        OutputTensor.All.FirstOrDefault(tensor => tensor.Name == name) ?? throw new InvalidInferenceException(
            $"{path}.name is {(name is null ? "missing" : $"'{ProtocolJson.Shown(name)}'")}; the model has {string.Join(", ", OutputTensor.All.Select(t => t.Name))}");
}
