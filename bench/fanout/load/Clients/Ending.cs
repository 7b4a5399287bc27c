namespace Trm.Bench.FanOut.Clients;

/// <summary>How a connection ended.</summary>
internal enum Ending
{
    /// <summary>The bench ended it.</summary>
    Ours,

    /// <summary>The server sent a close frame; see <see cref="Client.CloseCode"/>.</summary>
    Closed,

    /// <summary>The server ended it without a word.</summary>
    Cut,

    /// <summary>The server did not take it in.</summary>
    Refused,

    /// <summary>The server sent what no server may send.</summary>
    BadFrame,
}
