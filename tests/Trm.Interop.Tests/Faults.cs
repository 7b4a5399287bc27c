namespace Trm.Interop.Tests;

/// <summary>Promises that are not kept yet; each is the reason why its tests are skipped.</summary>
internal static class Faults
{
    public const string CloseCode = "every close is answered with 1000; RFC 6455 (5.5.1) has it answered with its own code (WebSocketConnection.Receive)";
}
