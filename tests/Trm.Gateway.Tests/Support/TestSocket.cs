using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Trm.Gateway.Tests.Support;

/// <summary>A WebSocket client that waits for each message for a while, then fails the test.</summary>
internal sealed class TestSocket(ClientWebSocket socket) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly byte[] buffer = new byte[1 << 20];

    public ClientWebSocket Socket { get; } = socket;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool end = true) => Socket.SendAsync(bytes, type, end, CancellationToken.None);

    /// <summary>The next message as text; null when the server closed.</summary>
    public async Task<string?> TextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    public async Task<JsonElement> NextAsync()
    {
        var text = await TextAsync() ?? throw new InvalidOperationException($"closed with {Socket.CloseStatus}: {Socket.CloseStatusDescription}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The next message of a type, skipping others.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.GetProperty("type").GetString() == type) return message;
        }
    }

    public async Task<long> NextSequenceAsync() => (await NextAsync("trm_prediction")).GetProperty("data").GetProperty("sequence").GetInt64();

    public async Task<IReadOnlyList<long>> SequencesAsync(int count)
    {
        var sequences = new List<long>();
        while (sequences.Count < count) sequences.Add(await NextSequenceAsync());
        return sequences;
    }

    /// <summary>Reads to the end and says the close code.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (await TextAsync() is not null) { }
        await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return (int)Socket.CloseStatus!;
    }

    public ValueTask DisposeAsync()
    {
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
