using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Trm.Interop.Tests.Frames;

/// <summary>
/// A WebSocket client without a library: it sends what a library would not, and looks at each frame that comes. It fails
/// a test at a frame that no server may send.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    // The key and its answer of RFC 6455, section 1.3.
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    public const string Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpClient tcp = new() { NoDelay = true };

    /// <summary>The reserved bits that what was agreed gives a meaning.</summary>
    private int agreedBits;

    private NetworkStream Stream => tcp.GetStream();

    public static async Task<RawSocket> ConnectAsync(Uri server)
    {
        var (socket, agreed) = await OfferAsync(server, "X-Nothing: 1");
        Assert.DoesNotContain("Sec-WebSocket-Extensions", agreed, StringComparison.OrdinalIgnoreCase);
        return socket;
    }

    /// <summary>Connects with one more header; the answer's head comes with the connection.</summary>
    public static async Task<(RawSocket Socket, string Answer)> OfferAsync(Uri server, string header)
    {
        var socket = await DialAsync(server);
        var answer = await socket.HandshakeAsync(
            server, "Upgrade: websocket", "Connection: Upgrade", $"Sec-WebSocket-Key: {Key}", "Sec-WebSocket-Version: 13", header);
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        if (answer.Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase)) socket.agreedBits = RawFrame.Deflated;
        return (socket, answer);
    }

    /// <summary>A connection on which nothing was said.</summary>
    public static async Task<RawSocket> DialAsync(Uri server)
    {
        var socket = new RawSocket();
        await socket.tcp.ConnectAsync(server.Host, server.Port);
        return socket;
    }

    /// <summary>Asks for the upgrade with these headers; the answer's head.</summary>
    public async Task<string> HandshakeAsync(Uri server, params string[] headers)
    {
        await SendAsync(Encoding.ASCII.GetBytes($"GET /ws/raw HTTP/1.1\r\nHost: {server.Authority}\r\n{string.Join("\r\n", headers)}\r\n\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await ReadAsync(1))[0]);
        return head.ToString();
    }

    /// <summary>Sends frames in one piece.</summary>
    public Task SendAsync(params RawFrame[] frames) => SendAsync([.. frames.SelectMany(f => f.Encode())]);

    public Task SendAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    public async Task<RawFrame> NextAsync()
    {
        var head = await ReadAsync(2);
        Assert.Equal(0, head[1] & 0x80); // a server masks nothing
        var length = (int)await LengthAsync(head[1] & 0x7f);
        var frame = new RawFrame(head[0] & 0x0f, await ReadAsync(length), (head[0] & 0x80) != 0, (head[0] >> 4) & 7, IsMasked: false);
        Assert.Equal(0, frame.Reserved & ~(frame.Opcode is Opcode.Text or Opcode.Binary ? agreedBits : 0));
        Assert.Contains(frame.Opcode, (int[])[Opcode.Continuation, Opcode.Text, Opcode.Close, Opcode.Ping, Opcode.Pong]);
        if (frame.Opcode >= Opcode.Close) Assert.True(frame.IsFinal && length <= 125);
        return frame;
    }

    /// <summary>The next frame must be of a kind.</summary>
    public async Task<RawFrame> NextAsync(int opcode)
    {
        var frame = await NextAsync();
        Assert.True(frame.Opcode == opcode, $"expected opcode {opcode}, got {frame.Opcode}: {frame.Text}");
        return frame;
    }

    /// <summary>Reads up to the close frame and on to the end of the connection, which nothing may follow.</summary>
    public async Task<RawFrame> EndAsync()
    {
        RawFrame frame;
        do frame = await NextAsync();
        while (frame.Opcode != Opcode.Close);
        await AssertOverAsync();
        return frame;
    }

    /// <summary>The server has closed the connection and sent nothing more.</summary>
    public async Task AssertOverAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            Assert.Equal(0, await Stream.ReadAsync(new byte[1], limit.Token));
        }
        catch (IOException)
        {
            // Reset, since something that we sent was not read any more: over as well.
        }
    }

    public void Dispose() => tcp.Dispose();

    // RFC 6455: the shortest encoding of a length must be used.
    private async Task<long> LengthAsync(int code)
    {
        if (code < 126) return code;
        var bytes = await ReadAsync(code == 126 ? 2 : 8);
        var length = code == 126 ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes);
        Assert.True(length > (code == 126 ? 125 : 65_535));
        return length;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes, limit.Token);
        return bytes;
    }
}
