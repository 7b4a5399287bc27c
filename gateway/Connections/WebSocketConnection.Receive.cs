using System.Buffers;
using System.Net.WebSockets;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal sealed partial class WebSocketConnection
{
    /// <summary>Most messages fit, and a client that sends nothing holds no more.</summary>
    private const int UsualMessage = 256;

    private readonly byte[] usual = new byte[UsualMessage];

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(usual.AsMemory(), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) break;
                var isText = part.MessageType == WebSocketMessageType.Text;
                if (part.EndOfMessage) await TakeAsync(usual.AsMemory(0, part.Count), isText);
                else if (!await ReceiveLongAsync(part.Count, isText)) break;
            }
            Outbox.Close(CloseReason.Answer(socket.CloseStatus));
        }
        catch (Exception error) when (IsGone(error))
        {
            Outbox.Close(CloseReason.Gone);
        }
    }

    // After the end was decided only the client's close matters.
    private Task TakeAsync(ReadOnlyMemory<byte> message, bool isText) => Outbox.ClosingFor is null ? HandleAsync(message, isText) : Task.CompletedTask;

    /// <summary>Puts the rest of a message together; false when the client closes instead.</summary>
    private async Task<bool> ReceiveLongAsync(int length, bool isText)
    {
        var limit = Services.Options.MessageLimitBytes;
        // One byte more than the limit tells a message that is too large from one that just fits.
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            usual.AsSpan(0, length).CopyTo(buffer);
            for (var parts = 1; ; parts++)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(length, limit + 1 - length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) return false;
                length += part.Count;
                // A part may be empty, so they count too: else a message could go on for ever.
                if (length > limit || parts > limit)
                {
                    RefuseLarge(limit);
                    // The rest is read and forgotten, up to the client's close or the end of its patience.
                    length = parts = 0;
                }
                if (!part.EndOfMessage) continue;
                await TakeAsync(buffer.AsMemory(0, length), isText);
                return true;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void RefuseLarge(int limit) =>
        Outbox.Close(CloseReason.TooLarge, ServerMessages.Error(ErrorCodes.TooLarge, $"the message has more than {limit} bytes, which is the limit"));
}
