namespace Trm.Bench.FanOut.Clients;

/// <summary>Hears what happens to clients. Calls come on the loop's thread, and may send, stall and end clients.</summary>
internal interface IClientListener
{
    /// <summary>The handshake is done.</summary>
    void OnOpen(Client client);

    /// <summary>A whole message.</summary>
    void OnMessage(Client client, ReadOnlySpan<byte> message);

    /// <summary>The connection ended.</summary>
    void OnGone(Client client, Ending ending);
}
