using System.Text;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Clients;

/// <summary>How a server is spoken to, and how its predictions look.</summary>
internal sealed record Dialect
{
    private static readonly byte[] OurPrediction = Encoding.ASCII.GetBytes("{\"type\":\"trm_prediction\",\"timestamp\":\"");

    /// <summary>What a client with that name asks the server for.</summary>
    public Func<string, string> Path { get; private init; } = static name => $"/ws/{name}";

    /// <summary>Frames that a client sends once it is connected; null for none.</summary>
    public byte[]? Opening { get; init; }

    /// <summary>How the message begins that says that the client gets everything from now on; null when it does at once.</summary>
    public byte[]? Opened { get; private init; }

    /// <summary>How a prediction begins, up to its timestamp.</summary>
    public byte[] Prediction { get; private init; } = OurPrediction;

    /// <summary>Ends a message within a WebSocket message, which may hold several; null where one is one.</summary>
    public byte? Separator { get; private init; }

    /// <summary>Predictions are numbered from 1 on without a hole.</summary>
    public bool HasSequences { get; private init; }

    /// <summary>
    /// Connect and listen; each prediction is the peers' message. They say one word first, as the gateway's clients do: the kernel
    /// takes a client that answered for one that will answer again, and acknowledges what it gets on the sender's time.
    /// </summary>
    public static Dialect Plain { get; } = new() { Opening = ClientFrames.Text("ping") };

    /// <summary>The gateway, with nothing said: every market, delivery <c>latest</c>.</summary>
    public static Dialect TrmLatest { get; } = new() { HasSequences = true };

    /// <summary>The gateway, with delivery <c>all</c>: no sequence may be missing.</summary>
    public static Dialect TrmAll { get; } = new()
    {
        HasSequences = true,
        Opening = ClientFrames.Text("""{"type":"subscribe","delivery":"all"}"""),
        Opened = Encoding.ASCII.GetBytes("{\"type\":\"subscribed\""),
    };

    /// <summary>SignalR's JSON protocol over a WebSocket, without its negotiation.</summary>
    public static Dialect SignalR { get; } = new()
    {
        Path = static _ => "/hub",
        Opening = ClientFrames.Text("{\"protocol\":\"json\",\"version\":1}\u001e"),
        Opened = Encoding.ASCII.GetBytes("{}"),
        Prediction = Encoding.ASCII.GetBytes("{\"type\":1,\"target\":\"trm_prediction\",\"arguments\":[{\"timestamp\":\""),
        Separator = 0x1e,
    };

    /// <summary>The gateway, resuming after a sequence.</summary>
    public static byte[] Resume(string market, Guid epoch, long sequence) => ClientFrames.Text(FormattableString.Invariant(
        $"{{\"type\":\"subscribe\",\"delivery\":\"all\",\"since\":{{\"{market}\":{{\"epoch\":\"{epoch}\",\"sequence\":{sequence}}}}}}}"));
}
