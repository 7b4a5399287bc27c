using System.Net.WebSockets;

namespace Trm.Gateway.Connections;

/// <summary>Why the server ends a connection, as the close frame says it.</summary>
/// <param name="Code">RFC 6455 close code; 4000 to 4999 are ours.</param>
/// <param name="Text">For people, at most 123 bytes.</param>
internal sealed record CloseReason(int Code, string Text)
{
    public static CloseReason Normal { get; } = new(1000, "bye");

    /// <summary>The answer to a client's close: with its own code (RFC 6455, section 5.5.1).</summary>
    public static CloseReason Answer(WebSocketCloseStatus? code) => code is { } given ? new((int)given, "") : Normal;

    /// <summary>The client is gone; nobody reads the frame.</summary>
    public static CloseReason Gone { get; } = new(1006, "the connection is lost");

    public static CloseReason TooLarge { get; } = new(1009, "message too large");

    public static CloseReason Failed { get; } = new(1011, "the server failed; connect again and resume");

    public static CloseReason Restart { get; } = new(1012, "the server restarts; connect again and resume");

    public static CloseReason TooSlow { get; } = new(4008, "too slow; connect again and resume");
}
