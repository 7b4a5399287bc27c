using System.Text.Json;

namespace Trm.Bench.Chaos.Clients;

/// <summary>Requests of a client, in messages that the gateway takes: 4 KiB each.</summary>
internal static class Subscriptions
{
    /// <summary>Markets in one message: each takes about 85 bytes.</summary>
    private const int MarketsInMessage = 40;

    /// <summary>Takes away what the connection came with and the client does not want.</summary>
    public static IEnumerable<byte[]> Unsubscribe(IEnumerable<int> markets) => markets.Chunk(MarketsInMessage).Select(chunk => Write("unsubscribe", chunk, _ => { }));

    /// <summary>Every sequence of the client's markets, from where it was.</summary>
    public static IEnumerable<byte[]> Subscribe(ClientLedger ledger) => ledger.Wanted.Chunk(MarketsInMessage).Select(chunk => Write("subscribe", chunk, json =>
    {
        json.WriteString("delivery", "all");
        json.WriteStartObject("since");
        foreach (var market in chunk)
        {
            if (ledger.Since(market) is not { } place) continue;
            json.WriteStartObject(MarketNames.Of(market));
            json.WriteString("epoch", place.Epoch);
            json.WriteNumber("sequence", place.Sequence);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }));

    private static byte[] Write(string type, IEnumerable<int> markets, Action<Utf8JsonWriter> rest)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteStartArray("markets");
            foreach (var market in markets) json.WriteStringValue(MarketNames.Of(market));
            json.WriteEndArray();
            rest(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
