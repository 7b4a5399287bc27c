using System.Text;

namespace Trm.Bench.FanOut.WebSockets;

/// <summary>The opening handshake (RFC 6455, 4). Every client has the same key, so that the answer is known beforehand.</summary>
internal static class Upgrade
{
    // The RFC's own example.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private static ReadOnlySpan<byte> Accepted => "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="u8;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>The request, to a server of this machine.</summary>
    public static byte[] Request(string path, int port) => Encoding.ASCII.GetBytes(FormattableString.Invariant(
        $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n\r\n"));

    /// <summary>Reads the answer.</summary>
    /// <param name="data">What has come so far.</param>
    /// <param name="length">Bytes of the answer, when it is whole.</param>
    /// <returns>Null while it is not whole; then whether the server agreed.</returns>
    public static bool? TryRead(ReadOnlySpan<byte> data, out int length)
    {
        var end = data.IndexOf(End);
        length = end + End.Length;
        if (end < 0) return null;
        return data.StartsWith("HTTP/1.1 101 "u8) && data[..end].IndexOf(Accepted) > 0;
    }
}
