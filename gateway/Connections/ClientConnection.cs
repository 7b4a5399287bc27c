using Trm.Core;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// One client, whatever its transport: an outbox and the loop that empties it. This file is the life of a
/// connection; the send loop and the replay from the log are beside it.
/// </summary>
internal abstract partial class ClientConnection(string id, string transport, ConnectionServices services)
{
    /// <summary>The client's own name for itself; need not be unique.</summary>
    public string Id { get; } = id;

    /// <summary><c>websocket</c> or <c>sse</c>.</summary>
    public string Transport { get; } = transport;

    /// <summary>Who visits it; set by the registry.</summary>
    public Lane? Lane { get; set; }

    /// <summary>Its place there; the lane's own.</summary>
    public int LanePlace { get; set; }

    /// <summary>When a drain ends it, by the clock's timestamp; never, unless the server goes away.</summary>
    public long CloseDueAt { get; set; } = long.MaxValue;

    public Outbox Outbox { get; } = new(services.Options, services.Heads, services.Time);

    protected ConnectionServices Services { get; } = services;

    /// <summary>How messages are laid out.</summary>
    protected abstract FrameFormat Format { get; }

    /// <summary>Whether the peer answered nothing for so long that it must be gone.</summary>
    protected virtual bool HasVanished => false;

    /// <summary>Writes whole messages; completes when the transport took them.</summary>
    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> messages);

    /// <summary>Cuts the connection at once, whatever is under way.</summary>
    protected abstract void Abort();

    /// <summary>Called every second or so: ends a write that stalls, cuts a close that is not answered and a peer that vanished.</summary>
    public void Sweep()
    {
        if (Outbox.ClosingFor is { } closing)
        {
            if (closing >= Services.Options.CloseTimeout) Abort();
        }
        else if (WritingFor is { } writing && writing >= Services.Options.SendTimeout)
        {
            Log.TooSlow(Services.Logger, Id, Transport, writing.TotalSeconds);
            Outbox.Close(CloseReason.TooSlow);
        }
        else if (HasVanished)
        {
            Log.Vanished(Services.Logger, Id, Transport);
            Outbox.Close(CloseReason.Gone);
            Abort();
        }
    }

    /// <summary>
    /// Subscribes after asking the feed where each market stands. When it does not answer, a client that resumes is told so:
    /// whether it missed something is not known. One that only wants what comes starts from what was known last.
    /// </summary>
    protected async Task SubscribeAsync(SubscribeRequest request, CancellationToken cancellation)
    {
        // All at once: a hundred answers one after the other would keep a client waiting for seconds.
        await Task.WhenAll(request.Markets.Select(market => RefreshAsync(market, request, cancellation)));
        Outbox.Subscribe(request);
    }

    private async Task RefreshAsync(string market, SubscribeRequest request, CancellationToken cancellation)
    {
        try
        {
            await Services.Heads.RefreshAsync(market, cancellation);
        }
        catch (TrmException) when (!request.Since.ContainsKey(market) && Services.Heads.Knows(market))
        {
            // Live predictions, and the replay of what was missed meanwhile, go on from there.
        }
    }
}
