using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Trm.Gateway.Tests.Support;

/// <summary>Bytes over TCP, as a client that keeps no rules sends them.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient tcp = new() { NoDelay = true };
    private readonly CancellationTokenSource limit = new(Patience);

    public static async Task<RawClient> ConnectAsync(Uri address)
    {
        var client = new RawClient();
        await client.tcp.ConnectAsync(address.Host, address.Port, client.limit.Token);
        return client;
    }

    /// <summary>A connection whose handshake is done.</summary>
    public static async Task<RawClient> UpgradeAsync(Uri address)
    {
        var client = await ConnectAsync(address);
        await client.SendAsync("GET /ws/hostile HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", await client.HeadAsync(), StringComparison.Ordinal);
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await tcp.GetStream().WriteAsync(bytes, limit.Token);

    /// <summary>Sends what the server may cut off while it is under way.</summary>
    public async Task TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // It has had enough.
        }
    }

    /// <summary>A frame's bytes, masked with zeros: what is sent is what is written here.</summary>
    public static byte[] Frame(int opcode, byte[] payload, bool isLast = true, bool isMasked = true)
    {
        var mask = isMasked ? 0x80 : 0;
        byte[] head = [(byte)((isLast ? 0x80 : 0) | opcode)];
        byte[] length = new byte[payload.Length < 126 ? 1 : payload.Length <= ushort.MaxValue ? 3 : 9];
        length[0] = (byte)(mask | (payload.Length < 126 ? payload.Length : length.Length == 3 ? 126 : 127));
        if (length.Length == 3) BinaryPrimitives.WriteUInt16BigEndian(length.AsSpan(1), (ushort)payload.Length);
        if (length.Length == 9) BinaryPrimitives.WriteUInt64BigEndian(length.AsSpan(1), (ulong)payload.Length);
        return [.. head, .. length, .. isMasked ? new byte[4] : [], .. payload];
    }

    /// <summary>The head of the response, to its empty line.</summary>
    public async Task<string> HeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)await ByteAsync());
        return head.ToString();
    }

    /// <summary>Frames to the end, and the close code: 1006 when the connection just ends.</summary>
    public async Task<(int Code, IReadOnlyList<string> Messages)> CloseAsync()
    {
        var messages = new List<string>();
        try
        {
            while (true)
            {
                var (opcode, payload) = await FrameAsync();
                if (opcode == 8) return (payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload), messages);
                messages.Add(Encoding.UTF8.GetString(payload));
            }
        }
        catch (IOException)
        {
            return (1006, messages);
        }
    }

    /// <summary>Everything until the server ends the connection.</summary>
    public async Task<string> ToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await tcp.GetStream().ReadAsync(buffer, limit.Token) is > 0 and var count) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
        return text.ToString();
    }

    public async Task<(int Opcode, byte[] Payload)> FrameAsync()
    {
        var opcode = await ByteAsync() & 0x0F;
        var length = await ByteAsync() & 0x7F;
        if (length == 126) length = (await ByteAsync() << 8) | await ByteAsync();
        Assert.NotEqual(127, length);
        var payload = new byte[length];
        await tcp.GetStream().ReadExactlyAsync(payload, limit.Token);
        return (opcode, payload);
    }

    public void Dispose()
    {
        tcp.Dispose();
        limit.Dispose();
    }

    private async Task<int> ByteAsync()
    {
        var one = new byte[1];
        await tcp.GetStream().ReadExactlyAsync(one, limit.Token);
        return one[0];
    }
}
