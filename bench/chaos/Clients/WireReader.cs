using System.Text.Json;
using Trm.Core;

namespace Trm.Bench.Chaos.Clients;

/// <summary>Reads the server's messages: predictions cheaply, for there are tens of thousands a second.</summary>
internal static class WireReader
{
    /// <summary>A message's type; predictions are read whole.</summary>
    /// <exception cref="TrmException">It is not a message of the protocol.</exception>
    public static MessageKind Read(ReadOnlySpan<byte> message, out WirePrediction prediction)
    {
        prediction = default;
        try
        {
            var json = new Utf8JsonReader(message);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject || !json.Read() || !json.ValueTextEquals("type"u8) || !json.Read())
                throw Unreadable("it does not begin with a type");
            if (!json.ValueTextEquals("trm_prediction"u8)) return Kind(ref json);
            prediction = ReadPrediction(ref json);
            return MessageKind.Prediction;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable(error.Message, error);
        }
    }

    private static MessageKind Kind(ref Utf8JsonReader json) =>
        json.ValueTextEquals("subscribed"u8) ? MessageKind.Subscribed
        : json.ValueTextEquals("resync"u8) ? MessageKind.Resync
        : json.ValueTextEquals("prediction_error"u8) ? MessageKind.PredictionError
        : json.ValueTextEquals("error"u8) ? MessageKind.Error
        : MessageKind.Other;

    private static WirePrediction ReadPrediction(ref Utf8JsonReader json)
    {
        DateTimeOffset made = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("timestamp"u8))
            {
                json.Read();
                made = json.GetDateTimeOffset();
            }
            else if (json.ValueTextEquals("data"u8))
            {
                json.Read();
                return ReadData(ref json, made);
            }
            else json.Skip();
        }
        throw Unreadable("the prediction has no data");
    }

    private static WirePrediction ReadData(ref Utf8JsonReader json, DateTimeOffset made)
    {
        var market = -1;
        Guid? epoch = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("market"u8))
            {
                json.Read();
                market = MarketNames.IndexOf(json.ValueSpan);
            }
            else if (json.ValueTextEquals("epoch"u8))
            {
                json.Read();
                epoch = json.GetGuid();
            }
            else if (json.ValueTextEquals("sequence"u8))
            {
                json.Read();
                // The writer puts it last of the three; what follows is not read.
                if (epoch is { } known) return new WirePrediction(market, known, json.GetInt64(), made);
            }
            else json.Skip();
        }
        throw Unreadable("the prediction lacks its place in the log");
    }

    private static TrmException Unreadable(string why, Exception? cause = null) => new("bad_message", $"a message of the server cannot be read: {why}", cause);
}
