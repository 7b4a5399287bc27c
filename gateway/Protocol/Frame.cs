using System.Text;

namespace Trm.Gateway.Protocol;

/// <summary>
/// A message to clients, serialised once and shared by all who get it: as it goes over a WebSocket, header included, and
/// built for the first client that needs it as an event of an event stream and compressed.
/// </summary>
internal class Frame
{
    private readonly string? eventName;
    private readonly byte[] webSocket;
    private readonly int textStart;
    private readonly int textLength;
    private ReadOnlyMemory<byte>? deflated;
    private byte[]? eventStream;

    /// <param name="eventName">SSE's event; null makes the message a comment there (heartbeats).</param>
    /// <param name="text">The message in UTF-8.</param>
    /// <param name="ping">Has WebSocket's own ping behind it, which every client answers by itself.</param>
    public Frame(string? eventName, ReadOnlySpan<byte> text, bool ping = false)
    {
        this.eventName = eventName;
        var message = WebSocketFrames.Text(text);
        textStart = message.Length - text.Length;
        textLength = text.Length;
        webSocket = ping ? [.. message, .. WebSocketFrames.Ping] : message;
    }

    /// <summary>The message itself.</summary>
    public ReadOnlyMemory<byte> Text => webSocket.AsMemory(textStart, textLength);

    /// <summary>SSE's id, from which a client resumes; null for messages that are not in the log.</summary>
    protected virtual string? EventId => null;

    /// <summary>The bytes on the wire.</summary>
    public ReadOnlyMemory<byte> Bytes(FrameFormat format) => format switch
    {
        FrameFormat.WebSocket => webSocket,
        // Two that build it at once build the same.
        FrameFormat.DeflatedWebSocket => deflated ??= Deflate(),
        _ => eventStream ??= BuildEvent(),
    };

    // What does not become smaller goes as it is; the extension leaves that to the sender, message by message.
    private ReadOnlyMemory<byte> Deflate() =>
        WebSocketFrames.DeflatedText(Text.Span) is { } smaller && smaller.Length < webSocket.Length ? smaller : webSocket;

    private byte[] BuildEvent()
    {
        if (eventName is null) return ": heartbeat\n\n"u8.ToArray();
        var id = EventId is null ? "" : $"id: {EventId}\n";
        // The text is compact JSON, so it holds no line break and fits one data line.
        return [.. Encoding.UTF8.GetBytes($"{id}event: {eventName}\ndata: "), .. Text.Span, .. "\n\n"u8];
    }
}
