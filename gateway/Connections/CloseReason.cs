using System.Net.WebSockets;

namespace Trm.Gateway.Connections;

/// <summary>Why the server ends a connection, as the close frame says it.</summary>
/// <param name="Name">For the metrics.</param>
/// <param name="Code">RFC 6455 close code; 4000 to 4999 are ours.</param>
/// <param name="Text">For people, at most 123 bytes.</param>
internal sealed record CloseReason(string Name, int Code, string Text)
{
    public static CloseReason Normal { get; } = new("closed", 1000, "bye");

    /// <summary>The answer to a client's close: with its own code (RFC 6455, section 5.5.1).</summary>
    public static CloseReason Answer(WebSocketCloseStatus? code) => code is { } given ? new(Normal.Name, (int)given, "") : Normal;

    /// <summary>The client is gone; nobody reads the frame.</summary>
    public static CloseReason Gone { get; } = new("lost", 1006, "the connection is lost");

    public static CloseReason TooLarge { get; } = new("too_large", 1009, "message too large");

    public static CloseReason Failed { get; } = new("failed", 1011, "the server failed; connect again and resume");

    public static CloseReason Restart { get; } = new("restart", 1012, "the server restarts; connect again and resume");

    public static CloseReason AccessEnded { get; } = new("access_ended", 4001, "the key was revoked, changed or has expired");

    public static CloseReason TooSlow { get; } = new("too_slow", 4008, "too slow; connect again and resume");
}
