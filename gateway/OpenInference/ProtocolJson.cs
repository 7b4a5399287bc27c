using System.Text.Json;

namespace Trm.Gateway.OpenInference;

/// <summary>Reads fields that strangers wrote: a wrong kind is named, and an optional field that is null is not there.</summary>
internal static class ProtocolJson
{
    private const int ShownLimit = 60;

    /// <summary>A field of an object; null when it is missing or null.</summary>
    /// <exception cref="InvalidInferenceException">The parent is no object.</exception>
    public static JsonElement? Field(JsonElement parent, string path, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) throw Wrong(path, parent, "an object");
        try
        {
            return parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidInferenceException($"{path} has a name that is not Unicode text", error);
        }
    }

    /// <summary>A field that is an array; null when it is missing or null.</summary>
    public static JsonElement? Array(JsonElement parent, string path, string name) => Kind(parent, path, name, JsonValueKind.Array, "an array");

    /// <summary>A field of a tensor's or the request's <c>parameters</c>; null when it is missing or null.</summary>
    public static JsonElement? Parameter(JsonElement parent, string path, string name) =>
        Kind(parent, path, "parameters", JsonValueKind.Object, "an object") is { } parameters ? Field(parameters, $"{path}.parameters", name) : null;

    /// <summary>A parameter that is true or false; null when it is missing or null.</summary>
    public static bool? Flag(JsonElement parent, string path, string name) => Parameter(parent, path, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong($"{path}.parameters.{name}", other, "true or false"),
    };

    /// <summary>A field that is a text; null when it is missing or null.</summary>
    public static string? Text(JsonElement parent, string path, string name)
    {
        if (Kind(parent, path, name, JsonValueKind.String, "a string") is not { } text) return null;
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidInferenceException($"{path}.{name} is not Unicode text", error);
        }
    }

    /// <summary>A value as it was sent, cut where it would fill a screen.</summary>
    public static string Shown(string text) => text.Length <= ShownLimit ? text : $"{text.AsSpan(0, ShownLimit)}…";

    /// <summary>The same of any JSON.</summary>
    public static string Shown(JsonElement value) => Shown(value.GetRawText());

    /// <summary>The error of a value of the wrong kind.</summary>
    public static InvalidInferenceException Wrong(string path, JsonElement value, string wanted) => new($"{path} is {Shown(value)}; it must be {wanted}");

    private static JsonElement? Kind(JsonElement parent, string path, string name, JsonValueKind kind, string wanted) =>
        Field(parent, path, name) is not { } value ? null : value.ValueKind == kind ? value : throw Wrong($"{path}.{name}", value, wanted);
}
