using System.Text.Json;

namespace Trm.Bench.Chaos.Clients;

internal sealed partial class ChaosClient
{
    /// <summary>One in so many is kept with its time.</summary>
    private const int Sampling = 32;

    private int untilSample = number % Sampling;

    /// <returns>False when the connection is of no use: the request was refused, and is made again on the next one.</returns>
    private bool Take(ReadOnlySpan<byte> message, long now)
    {
        switch (WireReader.Read(message, out var prediction))
        {
            case MessageKind.Prediction:
                TakePrediction(prediction, now);
                break;
            case MessageKind.Subscribed:
                TakeSubscribed(message, now);
                break;
            case MessageKind.Resync:
                TakeResync(message);
                break;
            case MessageKind.PredictionError:
                notes.PredictionError(Text(message, "code"));
                break;
            case MessageKind.Error:
                notes.Refused(Text(message, "code"));
                return false;
            default:
                break;
        }
        return true;
    }

    private void TakePrediction(WirePrediction prediction, long now)
    {
        if (!ledger.Predicted(prediction.Market, new LogPlace(prediction.Epoch, prediction.Sequence))) return;
        silences.Heard(prediction.Market, prediction.Sequence, ledger.Heard(prediction.Market, now), now);
        // What was read from the log after a reconnect is old by right.
        if (prediction.Sequence <= ledger[prediction.Market].Head) return;
        var at = time.GetUtcNow();
        notes.Latency(at - prediction.Made);
        if (untilSample-- > 0) return;
        untilSample = Sampling - 1;
        notes.Receive(new Receipt(prediction.Market, prediction.Sequence, at));
    }

    private void TakeSubscribed(ReadOnlySpan<byte> message, long now)
    {
        using var json = JsonDocument.Parse(message.ToArray());
        foreach (var market in json.RootElement.GetProperty("markets").EnumerateObject())
            ledger.Subscribed(MarketNames.IndexOf(market.Name), Place(market.Value), now);
    }

    private void TakeResync(ReadOnlySpan<byte> message)
    {
        using var json = JsonDocument.Parse(message.ToArray());
        var root = json.RootElement;
        ledger.Resync(MarketNames.IndexOf(root.GetProperty("market").GetString()!), root.GetProperty("reason").GetString()!, Place(root));
    }

    private static LogPlace Place(JsonElement json) => new(json.GetProperty("epoch").GetGuid(), json.GetProperty("sequence").GetInt64());

    private static string Text(ReadOnlySpan<byte> message, string name)
    {
        using var json = JsonDocument.Parse(message.ToArray());
        return json.RootElement.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }
}
