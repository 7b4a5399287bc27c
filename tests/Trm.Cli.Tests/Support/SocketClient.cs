using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Trm.Cli.Tests.Support;

/// <summary>A WebSocket client that reads whole JSON messages.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly ClientWebSocket socket = new();

    public static async Task<SocketClient> ConnectAsync(Uri server, string id, CancellationToken cancellation, string? key = null)
    {
        var client = new SocketClient();
        if (key is not null) client.socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await client.socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = $"/ws/{id}" }.Uri, cancellation);
        return client;
    }

    /// <summary>Sends a text; a server that died meanwhile shows at the next receive.</summary>
    public async Task SendAsync(string text, CancellationToken cancellation)
    {
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellation);
        }
        catch (WebSocketException)
        {
            // What the tests are about.
        }
    }

    /// <summary>The next message, or null when the connection ended.</summary>
    public async Task<JsonElement?> ReceiveAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer, cancellation);
                if (result.MessageType == WebSocketMessageType.Close) return null;
                message.Write(buffer, 0, result.Count);
                if (result.EndOfMessage) return JsonSerializer.Deserialize<JsonElement>(message.ToArray());
            }
        }
        catch (WebSocketException)
        {
            return null; // The server died: what the tests are about.
        }
    }

    /// <summary>The next message of a type.</summary>
    public async Task<JsonElement> NextAsync(string type, CancellationToken cancellation)
    {
        while (await ReceiveAsync(cancellation) is { } message)
        {
            if (message.GetProperty("type").GetString() == type) return message;
        }
        throw new InvalidOperationException($"the connection ended before a {type}");
    }

    /// <summary>The code that the server closed with.</summary>
    public async Task<int?> CloseCodeAsync(CancellationToken cancellation)
    {
        while (await ReceiveAsync(cancellation) is not null) { }
        return (int?)socket.CloseStatus;
    }

    public void Dispose() => socket.Dispose();
}
