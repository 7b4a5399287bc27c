using System.Net.WebSockets;
using Trm.Gateway.Access;
using Trm.Gateway.Protocol;
using Trm.Gateway.Transport;

namespace Trm.Gateway.Connections;

/// <summary>
/// A WebSocket client: one loop receives, one sends, and both end with the connection. A new client has every market
/// with delivery <c>latest</c>; <c>subscribe</c> adds or changes the markets it names and <c>unsubscribe</c> removes
/// them. A client that resumes may therefore get the latest prediction before <c>subscribed</c>; what counts is after it.
/// </summary>
/// <param name="id">The client's name for itself.</param>
/// <param name="socket">Reads messages, and answers pings and closes.</param>
/// <param name="output">The stream under it, where our messages go, framed already.</param>
/// <param name="isCompressed">The client agreed to permessage-deflate.</param>
/// <param name="abort">Cuts the connection.</param>
/// <param name="services">What every connection needs.</param>
/// <param name="seat">Its place among the open streams, which it leaves when it ends; and who sits there.</param>
/// <param name="gone">The client is gone.</param>
internal sealed partial class WebSocketConnection(
    string id, WebSocket socket, UpgradedStream output, bool isCompressed, Action abort, ConnectionServices services, Seat seat, CancellationToken gone)
    : ClientConnection(id, "websocket", services), IInstantWriter
{
    FrameFormat IInstantWriter.Format => Format;

    protected override IInstantWriter? Instant => output.IsDirect ? this : null;

    /// <summary>Serves the client to the end, then disposes the socket and leaves the seat.</summary>
    public async Task RunAsync()
    {
        using var taken = seat;
        using var open = socket;
        Services.Registry.Add(this);
        try
        {
            await TalkAsync();
        }
        finally
        {
            Services.Registry.Remove(this);
        }
    }

    protected override FrameFormat Format => isCompressed ? FrameFormat.DeflatedWebSocket : FrameFormat.WebSocket;

    // Each heartbeat asks for an answer.
    protected override bool HasVanished => output.SilentFor > Services.Options.HeartbeatInterval + Services.Options.PongTimeout;

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> messages) => output.SendAsync(messages);

    int IInstantWriter.TryWrite(ReadOnlySpan<byte> message) => output.TrySend(message);

    protected override void Abort()
    {
        socket.Abort();
        abort();
    }

    private async Task TalkAsync()
    {
        var receiving = Task.CompletedTask;
        try
        {
            // What existing dashboards expect: every market, with nothing asked.
            await SubscribeAsync(new SubscribeRequest(Known(null), ClientCommand.Nowhere, Delivery.Latest, Reply: false, Id: null), gone);
            receiving = ReceiveAsync();
            await CloseAsync(await SendAsync());
        }
        catch (Exception error) when (IsGone(error))
        {
            Outbox.Close(CloseReason.Gone);
            Abort();
        }
        catch (Exception error)
        {
            // The log could not be read: the client comes back and resumes.
            Log.ConnectionFailed(Services.Logger, error, Id, Transport);
            Outbox.Close(CloseReason.Failed);
            await CloseAsync(CloseReason.Failed);
        }
        // Ends when the client answers the close, or when the housekeeper cuts the connection.
        await receiving;
    }

    private async Task CloseAsync(CloseReason reason)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        try
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code, reason.Text, CancellationToken.None);
        }
        catch (Exception error) when (IsGone(error))
        {
            Abort();
        }
    }

    private static bool IsGone(Exception error) => error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
