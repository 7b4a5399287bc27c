using System.Text.Json;
using Trm.Core.Predictions;

namespace Trm.Gateway.Protocol;

/// <summary>Every message of the server but the prediction itself. <c>id</c> is raw JSON, echoed as it came.</summary>
internal static class ServerMessages
{
    public static Frame TextPong { get; } = new(MessageTypes.Pong, "pong"u8);

    public static Frame Pong(DateTimeOffset now, string? id) => Build(MessageTypes.Pong, json =>
    {
        json.WriteNumber("timestamp", now.ToUnixTimeMilliseconds() / 1000m);
        WriteId(json, id);
    });

    /// <summary>With a ping, so that a peer which vanished without a word is found by its silence.</summary>
    public static Frame Heartbeat(DateTimeOffset now) =>
        new(null, Text(MessageTypes.Heartbeat, json => json.WriteString("timestamp", WireTime.Text(now))), ping: true);

    public static Frame Subscribed(IReadOnlyDictionary<string, MarketHead> markets, string delivery, string? id) => Build(MessageTypes.Subscribed, json =>
    {
        json.WriteStartObject("markets");
        foreach (var (market, head) in markets)
        {
            json.WriteStartObject(market);
            WritePlace(json, head);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteString("delivery", delivery);
        WriteId(json, id);
    });

    public static Frame Unsubscribed(IEnumerable<string> markets, string? id) => Build(MessageTypes.Unsubscribed, json =>
    {
        json.WriteStartArray("markets");
        foreach (var market in markets) json.WriteStringValue(market);
        json.WriteEndArray();
        WriteId(json, id);
    });

    public static Frame Resync(string market, string reason, MarketHead head) => Build(MessageTypes.Resync, json =>
    {
        json.WriteString("market", market);
        json.WriteString("reason", reason);
        WritePlace(json, head);
    });

    public static Frame Error(string code, string message, string? id = null) => Build(MessageTypes.Error, json =>
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
        WriteId(json, id);
    });

    public static Frame PredictionError(PredictionError error) => Build(MessageTypes.PredictionError, json =>
    {
        json.WriteString("timestamp", WireTime.Text(error.Timestamp));
        json.WriteString("market", error.Market);
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
    });

    public static Frame Shutdown(DateTimeOffset now) => Build(MessageTypes.Shutdown, json =>
    {
        json.WriteString("timestamp", WireTime.Text(now));
        json.WriteString("message", "the server is going away; connect again in a moment");
    });

    public static Frame Summary(PredictionSummary summary, string? id) => Build(MessageTypes.Summary, json =>
    {
        json.WritePropertyName("data");
        SummaryJson.Write(json, summary);
        WriteId(json, id);
    });

    private static Frame Build(string type, Action<Utf8JsonWriter> body) => new(type, Text(type, body));

    private static byte[] Text(string type, Action<Utf8JsonWriter> body) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        body(json);
        json.WriteEndObject();
    });

    private static void WritePlace(Utf8JsonWriter json, MarketHead head)
    {
        json.WriteString("epoch", head.Epoch);
        json.WriteNumber("sequence", head.Sequence);
    }

    private static void WriteId(Utf8JsonWriter json, string? id)
    {
        if (id is null) return;
        json.WritePropertyName("id");
        json.WriteRawValue(id);
    }
}
