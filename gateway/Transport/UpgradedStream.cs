namespace Trm.Gateway.Transport;

/// <summary>
/// The stream under a WebSocket. The framework's WebSocket reads from it and writes its control frames (pong, close) to it;
/// our messages, framed already, go out beside it. Whole frames are written one after the other, whoever writes.
/// </summary>
/// <param name="inner">The upgraded connection.</param>
/// <param name="direct">The socket's own output; null where something (TLS, HTTP/2) lies between.</param>
/// <param name="time">The clock.</param>
internal sealed class UpgradedStream(Stream inner, SocketOutput? direct, TimeProvider time) : Stream
{
    private WriteTurn turn;
    private long heardAt = time.GetTimestamp();

    /// <summary>How long ago something came from the client, be it an answer to a ping.</summary>
    public TimeSpan SilentFor => time.GetElapsedTime(Volatile.Read(ref heardAt));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Whether <see cref="TrySend"/> can succeed.</summary>
    public bool IsDirect => direct is not null;

    /// <summary>Sends as much of a frame as the kernel takes at once; the caller sends the rest before anything else.</summary>
    /// <returns>The bytes sent; -1 when something else is being written, or the connection is lost.</returns>
    public int TrySend(ReadOnlySpan<byte> frame)
    {
        if (direct is null || !turn.TryTake()) return -1;
        try
        {
            return direct.TrySend(frame);
        }
        finally
        {
            turn.Leave();
        }
    }

    /// <summary>Sends whole frames.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        if (!turn.TryTake()) return WaitAndSendAsync(frames);
        var write = Begin(frames);
        if (!write.IsCompleted) return EndAsync(write);
        turn.Leave();
        return write;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => SendAsync(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(offset, count)).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Volatile.Write(ref heardAt, time.GetTimestamp());
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private ValueTask Begin(ReadOnlyMemory<byte> frames)
    {
        try
        {
            return direct?.SendAsync(frames) ?? inner.WriteAsync(frames);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    private async ValueTask WaitAndSendAsync(ReadOnlyMemory<byte> frames)
    {
        await turn.TakeAsync();
        await EndAsync(Begin(frames));
    }

    private async ValueTask EndAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        finally
        {
            turn.Leave();
        }
    }
}
