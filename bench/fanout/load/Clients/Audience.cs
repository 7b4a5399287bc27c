using System.Text;
using Trm.Core.Telemetry;

namespace Trm.Bench.FanOut.Clients;

/// <summary>
/// Clients that take what a server gives, and what they got: how many, how old, and of a server that numbers its predictions
/// whether each client had each once and in order.
/// </summary>
internal sealed class Audience(Dialect dialect, TimeProvider time) : IClientListener
{
    /// <summary>Clients that are open and get everything.</summary>
    public int Ready { get; private set; }

    /// <summary>Predictions that clients got since they were ready.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes of those.</summary>
    public long Bytes { get; private set; }

    /// <summary>From the message's own timestamp to its being read here; replace it to begin anew.</summary>
    public LatencyHistogram Latency { get; set; } = NewHistogram();

    /// <summary>Sequences that a client did not get, all clients together.</summary>
    public long Missing { get; private set; }

    /// <summary>Sequences that came to a client when it had them.</summary>
    public long Repeated { get; private set; }

    /// <summary>The first error or resync that the server told; null while there is none.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Called for each prediction of a client.</summary>
    public Action<Client>? OnPrediction { get; set; }

    /// <summary>What a client says once it is open; the dialect's opening when it is null.</summary>
    public Func<Client, byte[]?>? Opening { get; init; }

    /// <summary>Connections that ended otherwise than by the bench's will.</summary>
    public int Lost { get; private set; }

    /// <summary>Fine enough for a change of a few percent: within 0.8 %.</summary>
    public static LatencyHistogram NewHistogram() => new(stepBits: 7);

    public void OnOpen(Client client)
    {
        if ((Opening is null ? dialect.Opening : Opening(client)) is { } opening) ClientLoop.Send(client, opening);
        if (dialect.Opened is null) MarkReady(client);
    }

    public void OnMessage(Client client, ReadOnlySpan<byte> message)
    {
        if (dialect.Separator is not { } separator)
        {
            Take(client, message);
            return;
        }
        while (message.IndexOf(separator) is >= 0 and var end)
        {
            Take(client, message[..end]);
            message = message[(end + 1)..];
        }
    }

    public void OnGone(Client client, Ending ending)
    {
        if (client.IsReady) Ready--;
        client.IsReady = false;
        if (ending != Ending.Ours) Lost++;
    }

    private void Take(Client client, ReadOnlySpan<byte> message)
    {
        if (message.StartsWith(dialect.Prediction))
        {
            // What comes before the answer to the opening is the newest prediction of a subscription that the opening replaces.
            if (client.IsReady) TakePrediction(client, message);
        }
        else if (!client.IsReady && dialect.Opened is { } opened && message.StartsWith(opened))
        {
            MarkReady(client);
        }
        else if (message.StartsWith("{\"type\":\"error\""u8) || message.StartsWith("{\"type\":\"resync\""u8))
        {
            Complaint ??= Encoding.UTF8.GetString(message);
        }
    }

    private void TakePrediction(Client client, ReadOnlySpan<byte> message)
    {
        Latency.Record(WireTime.Age(message.Slice(dialect.Prediction.Length, WireTime.Length), time.GetUtcNow()));
        Received++;
        Bytes += message.Length;
        client.Received++;
        if (dialect.HasSequences) Follow(client, Sequence(message));
        OnPrediction?.Invoke(client);
    }

    private void Follow(Client client, long sequence)
    {
        if (client.LastSequence > 0 && sequence <= client.LastSequence)
        {
            Repeated++;
            return;
        }
        if (client.LastSequence > 0) Missing += sequence - client.LastSequence - 1;
        client.LastSequence = sequence;
    }

    private void MarkReady(Client client)
    {
        client.IsReady = true;
        Ready++;
    }

    private static long Sequence(ReadOnlySpan<byte> message)
    {
        var name = "\"sequence\":"u8;
        var number = 0L;
        foreach (var digit in message[(message.IndexOf(name) + name.Length)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            number = (number * 10) + (digit - '0');
        }
        return number;
    }
}
