using System.Text.Json;

namespace Trm.Cli.Top;

/// <summary>What <c>trm top</c> knows, as one JSON object.</summary>
internal static class TopJson
{
    public static void Write(Utf8JsonWriter json, TopState state)
    {
        json.WriteStartObject();
        json.WriteString("at", state.At);
        json.WriteString("url", state.Url.GetLeftPart(UriPartial.Authority));
        json.WriteBoolean("answers", state.Fault is null);
        json.WriteString("fault", state.Fault);
        if (state.Sample is { } sample && state.Fault is null)
        {
            Write(json, state, sample.Health);
            json.WriteStartArray("markets");
            foreach (var (market, latest) in sample.Markets) Write(json, state, market, latest);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TopState state, HealthAnswer health)
    {
        json.WriteString("status", health.Status);
        json.WriteString("version", health.Version);
        json.WriteNumber("uptime_seconds", health.UptimeSeconds);
        json.WriteStartObject("connections");
        json.WriteNumber("total", health.Connections.Total);
        json.WriteNumber("websocket", health.Connections.Websocket);
        json.WriteNumber("sse", health.Connections.Sse);
        json.WriteEndObject();
        json.WriteStartObject("messages_per_second");
        var rates = state.MessageRates;
        Write(json, "sent", rates?.Sent);
        Write(json, "conflated", rates?.Conflated);
        Write(json, "dropped", rates?.Dropped);
        json.WriteEndObject();
        json.WriteStartObject("snapshot_to_socket");
        json.WriteNumber("count", health.SnapshotToSocket.Count);
        json.WriteNumber("p50_ms", health.SnapshotToSocket.P50Ms);
        json.WriteNumber("p99_ms", health.SnapshotToSocket.P99Ms);
        json.WriteNumber("max_ms", health.SnapshotToSocket.MaxMs);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TopState state, MarketAnswer market, LatestAnswer? latest)
    {
        json.WriteStartObject();
        json.WriteString("market", market.Market);
        json.WriteString("epoch", market.Epoch);
        json.WriteNumber("sequence", market.Sequence);
        Write(json, "age_seconds", market.AgeSeconds);
        Write(json, "predictions_per_second", state.Rate(market));
        json.WriteString("strategy_name", latest?.StrategyName);
        Write(json, "confidence", latest?.Confidence);
        json.WriteString("source", latest?.Source);
        json.WriteString("model_version", latest?.ModelVersion);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
