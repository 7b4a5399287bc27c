using System.Text.Json;

namespace Trm.Gateway.Protocol;

/// <summary>Reads what clients send. Never throws for what a client can do wrong.</summary>
internal static class ClientCommandParser
{
    private const int IdLimit = 256;

    /// <summary>Topics of older dashboards that mean the predictions.</summary>
    private static readonly string[] PredictionTopics = ["trm_predictions", "trm_prediction", "predictions"];

    public static ClientCommand Parse(ReadOnlyMemory<byte> text)
    {
        if (text.Span.Trim(" \t\r\n"u8).SequenceEqual("ping"u8)) return new ClientCommand.TextPing();
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return Bad(null, "the message is not JSON");
        }
        catch (InvalidOperationException)
        {
            // A string with bytes or escapes that are no Unicode text.
            return Bad(null, "the message holds text that is not Unicode");
        }
    }

    private static ClientCommand Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Bad(null, "the message must be a JSON object with a type");
        var id = ReadId(root);
        return Text(root, "type") switch
        {
            "ping" => new ClientCommand.Ping(id),
            "subscribe" => ReadSubscribe(root, id),
            "unsubscribe" => TryMarkets(root, out var markets) ? new ClientCommand.Unsubscribe(id, markets) : BadMarkets(id),
            "request_trm_prediction" => new ClientCommand.Summary(id, Text(root, "market")),
            null => new ClientCommand.Invalid(id, ErrorCodes.UnknownType, "the message has no type; send ping, subscribe, unsubscribe or request_trm_prediction"),
            var type => new ClientCommand.Invalid(id, ErrorCodes.UnknownType, $"type '{Short(type)}' is not known; send ping, subscribe, unsubscribe or request_trm_prediction"),
        };
    }

    private static ClientCommand ReadSubscribe(JsonElement root, string? id)
    {
        if (Text(root, "subscription") is { } topic && !PredictionTopics.Contains(topic, StringComparer.Ordinal))
            return new ClientCommand.Invalid(id, ErrorCodes.UnknownSubscription, $"subscription '{Short(topic)}' is not served here; predictions are, by market");
        if (!TryMarkets(root, out var markets)) return BadMarkets(id);
        var delivery = Delivery.Latest;
        if (root.TryGetProperty("delivery", out var given) && !(given.ValueKind == JsonValueKind.String && Deliveries.TryParse(given.GetString(), out delivery)))
            return Bad(id, "delivery must be \"latest\" or \"all\"");
        if (!TrySince(root, out var since))
            return Bad(id, "since must be an object of market: {\"epoch\": GUID, \"sequence\": number from 0}");
        return new ClientCommand.Subscribe(id, markets, since, delivery);
    }

    private static bool TryMarkets(JsonElement root, out IReadOnlyList<string>? markets)
    {
        markets = null;
        if (!root.TryGetProperty("markets", out var list) || list.ValueKind == JsonValueKind.Null) return true;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String)) return false;
        markets = [.. list.EnumerateArray().Select(m => m.GetString()!).Distinct(StringComparer.Ordinal)];
        return true;
    }

    private static bool TrySince(JsonElement root, out IReadOnlyDictionary<string, LogPlace> since)
    {
        since = ClientCommand.Nowhere;
        if (!root.TryGetProperty("since", out var given) || given.ValueKind == JsonValueKind.Null) return true;
        if (given.ValueKind != JsonValueKind.Object) return false;
        var places = new Dictionary<string, LogPlace>(StringComparer.Ordinal);
        foreach (var market in given.EnumerateObject())
        {
            if (market.Value.ValueKind != JsonValueKind.Object
                || !market.Value.TryGetProperty("epoch", out var epoch) || epoch.ValueKind != JsonValueKind.String || !epoch.TryGetGuid(out var guid)
                || !market.Value.TryGetProperty("sequence", out var sequence) || sequence.ValueKind != JsonValueKind.Number
                || !sequence.TryGetInt64(out var number) || number < 0)
            {
                return false;
            }
            places[market.Name] = new LogPlace(guid, number);
        }
        since = places;
        return true;
    }

    // Strings and numbers are ids; anything else, or a long one, is not worth an error of its own.
    private static string? ReadId(JsonElement root) =>
        root.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number && id.GetRawText() is { Length: <= IdLimit } raw
            ? raw
            : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Short(string value) => value.Length <= 40 ? value : $"{value[..40]}…";

    private static ClientCommand.Invalid Bad(string? id, string message) => new(id, ErrorCodes.BadJson, message);

    private static ClientCommand.Invalid BadMarkets(string? id) => Bad(id, "markets must be an array of market ids");
}
