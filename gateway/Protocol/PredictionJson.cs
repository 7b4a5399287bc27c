using System.Text.Json;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Gateway.Protocol;

/// <summary>
/// The one writer of predictions as JSON: WebSocket, SSE, REST and the command line all use it. Names are
/// snake_case, instants UTC with microseconds, numbers the shortest text that reads back the same.
/// </summary>
public static class PredictionJson
{
    /// <summary>The whole <c>trm_prediction</c> message in UTF-8.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static byte[] Message(Prediction prediction) => JsonText.Write(json => WriteMessage(json, prediction));

    /// <summary>The message's <c>data</c> object in UTF-8.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static byte[] Data(Prediction prediction) => JsonText.Write(json => WriteData(json, prediction));

    /// <summary>The part of <c>data</c> that a model's answer has without a market's log, in UTF-8.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static byte[] Output(DateTimeOffset timestamp, FeatureVector features, ModelOutput output) =>
        JsonText.Write(json => WriteOutput(json, timestamp, features, output));

    /// <summary>Writes the whole <c>trm_prediction</c> message.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static void WriteMessage(Utf8JsonWriter json, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(prediction);
        json.WriteStartObject();
        json.WriteString("type", MessageTypes.Prediction);
        json.WriteString("timestamp", WireTime.Text(prediction.Timestamp));
        json.WritePropertyName("data");
        WriteData(json, prediction);
        json.WriteEndObject();
    }

    /// <summary>Writes the message's <c>data</c> object.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static void WriteData(Utf8JsonWriter json, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(prediction);
        json.WriteStartObject();
        json.WriteString("timestamp", WireTime.Text(prediction.Timestamp));
        WriteStrategy(json, prediction.Probabilities);
        WriteVector(json, "raw_features", prediction.RawFeatures);
        WriteVector(json, "normalized_features", prediction.NormalizedFeatures);
        WriteNumber(json, "halt_probability", prediction.HaltProbability);
        WriteMetadata(json, prediction.RecursionCycles, prediction.LatentSteps, prediction.EffectiveDepth);
        json.WriteString("market", prediction.Market);
        json.WriteString("epoch", prediction.Epoch);
        json.WriteNumber("sequence", prediction.Sequence);
        json.WriteString("as_of", WireTime.Text(prediction.AsOf));
        json.WriteString("source", prediction.Origin.WireName());
        json.WriteString("model_version", prediction.ModelVersion);
        json.WriteString("feature_set", prediction.FeatureSet);
        json.WriteString("trace_id", prediction.TraceId);
        WriteNumber(json, "quality", prediction.Quality);
        if (prediction.Staleness is { } staleness) json.WriteNumber("staleness_seconds", staleness.TotalSeconds);
        WriteProxies(json, prediction.Proxies);
        if (prediction.Origin == SnapshotOrigin.Simulated) json.WriteBoolean("mock_data", true);
        json.WriteEndObject();
    }

    /// <summary>Writes the part of <c>data</c> that a model's answer has without a market's log.</summary>
    /// <exception cref="NonFinitePredictionException">A number is NaN or infinite.</exception>
    public static void WriteOutput(Utf8JsonWriter json, DateTimeOffset timestamp, FeatureVector features, ModelOutput output)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(output);
        var model = output.Model;
        json.WriteStartObject();
        json.WriteString("timestamp", WireTime.Text(timestamp));
        WriteStrategy(json, output.Probabilities);
        WriteVector(json, "raw_features", features);
        WriteVector(json, "normalized_features", output.Normalized);
        WriteNumber(json, "halt_probability", output.HaltProbability);
        WriteMetadata(json, model.RecursionCycles, model.LatentSteps, model.EffectiveDepth);
        json.WriteString("model_version", model.Version);
        json.WriteString("feature_set", model.FeatureSet);
        json.WriteEndObject();
    }

    private static void WriteStrategy(Utf8JsonWriter json, IReadOnlyList<float> probabilities)
    {
        var best = Strategy.MostProbable(probabilities);
        json.WriteNumber("strategy_id", best.Id);
        json.WriteString("strategy_name", best.Name);
        WriteNumber(json, "confidence", probabilities[best.Id]);
        json.WriteStartObject("probabilities");
        foreach (var strategy in Strategy.All) WriteNumber(json, strategy.Name, probabilities[strategy.Id]);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, int cycles, int steps, int depth)
    {
        json.WriteStartObject("model_metadata");
        json.WriteNumber("recursion_cycles", cycles);
        json.WriteNumber("latent_steps", steps);
        json.WriteNumber("effective_depth", depth);
        json.WriteEndObject();
    }

    // FeatureVector holds finite numbers only, so these need no check.
    private static void WriteVector(Utf8JsonWriter json, string name, FeatureVector vector)
    {
        json.WriteStartArray(name);
        foreach (var value in vector.AsSpan()) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteProxies(Utf8JsonWriter json, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0) return;
        json.WriteStartArray("proxies");
        foreach (var proxy in proxies) json.WriteStringValue(proxy);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, float value)
    {
        if (!float.IsFinite(value)) throw new NonFinitePredictionException(name, value);
        json.WriteNumber(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (!double.IsFinite(value)) throw new NonFinitePredictionException(name, value);
        json.WriteNumber(name, value);
    }
}

/// <summary>A prediction with a number that JSON cannot carry and no client should see.</summary>
/// <param name="field">The field on the wire.</param>
/// <param name="value">NaN or an infinity.</param>
public sealed class NonFinitePredictionException(string field, double value) : TrmException(
    "not_finite", FormattableString.Invariant($"{field} is {value}; a prediction must hold finite numbers only, check the model's weights"));
