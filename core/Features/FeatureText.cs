using System.Globalization;
using System.Text.Json;
using Trm.Core.Predictions;

namespace Trm.Core.Features;

/// <summary>Ten features as people and programs write them: comma-separated, a JSON array, or a JSON object by name.</summary>
public static class FeatureText
{
    /// <summary>Ten numbers separated by commas, in the order of <see cref="FeatureNames"/>.</summary>
    /// <exception cref="InvalidFeaturesException">Not ten, not a number, NaN or infinite.</exception>
    public static FeatureVector FromCsv(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var values = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
                throw new InvalidFeaturesException($"'{parts[i]}' (number {i + 1}) is not a number");
        }
        return FeatureVector.From(values);
    }

    /// <summary>An array of ten, an object with the ten names, or either under <c>features</c>.</summary>
    /// <exception cref="InvalidFeaturesException">Not JSON, or not ten finite numbers under the right names.</exception>
    public static FeatureVector FromJson(string json, ModelInfo? model = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromJson(document.RootElement, model);
        }
        catch (JsonException error)
        {
            throw new InvalidFeaturesException($"the features are not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine}); send an array of {FeatureNames.Count} numbers or an object by name");
        }
    }

    /// <summary>The same of parsed JSON; when the object says a <c>feature_set</c>, it must be the one the model was trained on.</summary>
    /// <exception cref="FeatureSetMismatchException">It is another.</exception>
    /// <exception cref="InvalidFeaturesException">Not ten finite numbers under the right names.</exception>
    public static FeatureVector FromJson(JsonElement json, ModelInfo? model = null)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("features", out var inner))
        {
            if (model is not null && json.TryGetProperty("feature_set", out var set) && set.ToString() != model.FeatureSet)
                throw new FeatureSetMismatchException(set.ToString(), model);
            json = inner;
        }
        return json.ValueKind switch
        {
            JsonValueKind.Array => FromArray(json),
            JsonValueKind.Object => FromObject(json),
            _ => throw new InvalidFeaturesException($"features must be an array of {FeatureNames.Count} numbers or an object by name, not {json.ValueKind}"),
        };
    }

    private static FeatureVector FromArray(JsonElement array) => FeatureVector.From(
        [.. array.EnumerateArray().Select((element, i) => Number(i < FeatureNames.Count ? FeatureNames.All[i] : $"number {i + 1}", element))]);

    private static FeatureVector FromObject(JsonElement features)
    {
        var given = Names(features);
        var unknown = given.Except(FeatureNames.All).ToArray();
        if (unknown.Length > 0) throw new InvalidFeaturesException($"unknown features: {string.Join(", ", unknown)}; there is {string.Join(", ", FeatureNames.All)}");
        var missing = FeatureNames.All.Where(name => !given.Contains(name)).ToArray();
        if (missing.Length > 0) throw new InvalidFeaturesException($"missing features: {string.Join(", ", missing)}");
        return FeatureVector.From([.. FeatureNames.All.Select(name => Number(name, features.GetProperty(name)))]);
    }

    private static HashSet<string> Names(JsonElement features)
    {
        try
        {
            return features.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidFeaturesException("a feature's name is not Unicode text");
        }
    }

    private static double Number(string name, JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value)
            ? value
            : throw new InvalidFeaturesException($"feature {name} is {element.GetRawText()}; it must be a finite number");
}
