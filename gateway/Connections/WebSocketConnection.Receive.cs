using System.Buffers;
using System.Net.WebSockets;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal sealed partial class WebSocketConnection
{
    private async Task ReceiveAsync()
    {
        var limit = Services.Options.MessageLimitBytes;
        // One byte more than the limit tells a message that is too large from one that just fits.
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            while (await ReceiveMessageAsync(buffer.AsMemory(0, limit + 1)) is { } message)
            {
                // After the end was decided only the client's close matters.
                if (Outbox.ClosingFor is null) await HandleAsync(buffer.AsMemory(0, message.Length), message.IsText);
            }
            Outbox.Close(CloseReason.Normal);
        }
        catch (Exception error) when (IsGone(error))
        {
            Outbox.Close(CloseReason.Gone);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Puts a whole message together; null when the client closes.</summary>
    private async ValueTask<(int Length, bool IsText)?> ReceiveMessageAsync(Memory<byte> buffer)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer[length..], CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (length == buffer.Length)
            {
                RefuseLarge(buffer.Length - 1);
                length = 0;
            }
            if (part.EndOfMessage) return (length, part.MessageType == WebSocketMessageType.Text);
        }
    }

    private void RefuseLarge(int limit) =>
        Outbox.Close(CloseReason.TooLarge, ServerMessages.Error(ErrorCodes.TooLarge, $"the message has more than {limit} bytes, which is the limit"));
}
