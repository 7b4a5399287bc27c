namespace Trm.Gateway.Protocol;

/// <summary>How a message is laid out on a connection.</summary>
internal enum FrameFormat
{
    /// <summary>An unmasked WebSocket text frame.</summary>
    WebSocket,

    /// <summary>The same, compressed by permessage-deflate (RFC 7692) without a memory of earlier messages.</summary>
    DeflatedWebSocket,

    /// <summary>A server-sent event.</summary>
    EventStream,
}
