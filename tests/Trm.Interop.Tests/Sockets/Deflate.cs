namespace Trm.Interop.Tests.Sockets;

internal static class Deflate
{
    /// <summary>Whether the gateway agrees to permessage-deflate when a client offers it.</summary>
    public const bool IsAccepted = true;

    /// <summary>Offers it as the client does by default.</summary>
    public static object Default { get; } = new { };
}
