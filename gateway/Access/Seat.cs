using System.Net;
using Trm.Gateway.Connections;

namespace Trm.Gateway.Access;

/// <summary>One open stream's place among those that may be open; it is free again when disposed.</summary>
internal sealed class Seat(Seats seats, Caller caller, IPAddress? address) : IDisposable
{
    public Caller Caller { get; } = caller;

    /// <summary>Whom it counts for; null is nobody.</summary>
    public IPAddress? Address { get; } = address;

    /// <summary>Who sits here, once the handshake is done.</summary>
    public ClientConnection? Connection { get; set; }

    /// <summary>The caller's access ended. One whose handshake is still under way is met at the next look.</summary>
    public void End() => Connection?.Outbox.Close(CloseReason.AccessEnded);

    public void Dispose() => seats.Leave(this);
}
