using System.Net.WebSockets;
using System.Text;

namespace Trm.Interop.Tests.Clients;

/// <summary>.NET's ClientWebSocket. It sends no pings on demand.</summary>
internal sealed class DotNetClient : InteropClient
{
    private readonly ClientWebSocket socket = new();
    private volatile bool isClosing;

    public override async Task DoAsync(Instruction command)
    {
        switch (command.Do)
        {
            case "connect":
                socket.Options.CollectHttpResponseDetails = true;
                if (command.Deflate is not null) socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
                await socket.ConnectAsync(command.Url!, CancellationToken.None);
                var extensions = socket.HttpResponseHeaders!.TryGetValue("Sec-WebSocket-Extensions", out var values) ? values : [];
                Saw(new ClientEvent("open", string.Join(", ", extensions)));
                _ = ListenAsync();
                break;
            case "text":
                await SendAsync(command.Text!, WebSocketMessageType.Text, isLast: true);
                break;
            case "binary":
                await SendAsync(command.Text!, WebSocketMessageType.Binary, isLast: true);
                break;
            case "fragments":
                for (var i = 0; i < command.Parts!.Count; i++) await SendAsync(command.Parts[i], WebSocketMessageType.Text, i == command.Parts.Count - 1);
                break;
            case "close":
                isClosing = true;
                await socket.CloseOutputAsync((WebSocketCloseStatus)command.Code!, command.Reason, CancellationToken.None);
                break;
        }
    }

    public override ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(string text, WebSocketMessageType type, bool isLast) => socket.SendAsync(Encoding.UTF8.GetBytes(text), type, isLast, CancellationToken.None);

    private async Task ListenAsync()
    {
        try
        {
            var buffer = new byte[1 << 20];
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close) break;
                Saw(new ClientEvent(part.MessageType == WebSocketMessageType.Text ? "text" : "binary", Encoding.UTF8.GetString(buffer, 0, length)));
            }
            if (!isClosing) await socket.CloseOutputAsync(socket.CloseStatus!.Value, null, CancellationToken.None);
            Saw(new ClientEvent("close", Code: (int)socket.CloseStatus!, Reason: socket.CloseStatusDescription));
        }
        catch (Exception error) when (error is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            Saw(new ClientEvent("error", error.Message));
        }
    }
}
