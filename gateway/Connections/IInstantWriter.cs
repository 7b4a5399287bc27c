using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>A connection to which a message can be written without waiting.</summary>
internal interface IInstantWriter
{
    /// <summary>How messages are laid out.</summary>
    FrameFormat Format { get; }

    /// <summary>Writes as much as goes at once.</summary>
    /// <returns>The bytes that were taken, 0 to all of them; -1 when something else is being written, or the connection is lost.</returns>
    int TryWrite(ReadOnlySpan<byte> message);
}
