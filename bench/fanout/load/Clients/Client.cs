namespace Trm.Bench.FanOut.Clients;

/// <summary>One WebSocket client: thousands of these must be cheap, so it holds only what differs from one to the next.</summary>
/// <param name="number">Its number among all that the bench connected.</param>
/// <param name="listener">Whom its messages go to.</param>
internal sealed class Client(int number, IClientListener listener)
{
    /// <summary>Bytes of a frame that is not whole yet, or of a message whose last frame has not come.</summary>
    private byte[]? kept;
    private int keptLength;

    public int Number { get; } = number;

    public IClientListener Listener { get; } = listener;

    public Phase Phase { get; set; }

    public int Socket { get; set; } = -1;

    /// <summary>The number that <see cref="Net.Epoll"/> knows it by.</summary>
    public int Slot { get; set; }

    /// <summary>What it says as soon as it is connected.</summary>
    public ReadOnlyMemory<byte> Hello { get; set; }

    /// <summary>It takes what comes; a stalled client reads nothing.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>The frames so far of a message in several.</summary>
    public List<byte>? Fragments { get; set; }

    /// <summary>The code of the server's close frame; 0 when there was none.</summary>
    public int CloseCode { get; set; }

    /// <summary>It was told that it gets what it asked for: what comes now counts.</summary>
    public bool IsReady { get; set; }

    /// <summary>Predictions since it was ready.</summary>
    public long Received { get; set; }

    /// <summary>The last prediction's sequence; what comes next is one more. 0 when none came and none is expected.</summary>
    public long LastSequence { get; set; }

    /// <summary>Puts back what was kept, for the rest to be read behind it.</summary>
    /// <returns>How many bytes.</returns>
    public int RestoreInto(Span<byte> buffer)
    {
        kept.AsSpan(0, keptLength).CopyTo(buffer);
        return keptLength;
    }

    /// <summary>Keeps what is not whole yet.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        keptLength = rest.Length;
        if (rest.IsEmpty)
        {
            // A client is between two frames nearly always: thousands of empty buffers would be kept for nothing.
            kept = null;
            return;
        }
        if (kept is null || kept.Length < rest.Length) kept = new byte[rest.Length];
        rest.CopyTo(kept);
    }
}
