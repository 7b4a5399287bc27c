using System.Text;

namespace Trm.Gateway.Protocol;

/// <summary>A message to clients, serialised once and shared by all who get it.</summary>
/// <param name="eventName">SSE's event; null makes the message a comment there (heartbeats).</param>
/// <param name="text">The WebSocket text message in UTF-8.</param>
internal class Frame(string? eventName, ReadOnlyMemory<byte> text)
{
    private byte[]? eventStream;

    public ReadOnlyMemory<byte> Text { get; } = text;

    /// <summary>The same as an SSE event; built for the first client that needs it.</summary>
    public ReadOnlyMemory<byte> EventStream => eventStream ??= BuildEvent();

    /// <summary>SSE's id, from which a client resumes; null for messages that are not in the log.</summary>
    protected virtual string? EventId => null;

    private byte[] BuildEvent()
    {
        if (eventName is null) return ": heartbeat\n\n"u8.ToArray();
        var id = EventId is null ? "" : $"id: {EventId}\n";
        // The text is compact JSON, so it holds no line break and fits one data line.
        return [.. Encoding.UTF8.GetBytes($"{id}event: {eventName}\ndata: "), .. Text.Span, .. "\n\n"u8];
    }
}
