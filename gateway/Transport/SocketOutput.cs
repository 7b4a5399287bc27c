using System.Net.Sockets;

namespace Trm.Gateway.Transport;

/// <summary>
/// Writes to a connection's socket on the spot. In the usual case the kernel takes it all and a write costs one system call:
/// no queue, no thread that empties it. What the kernel does not take is sent as it makes room.
/// </summary>
internal sealed class SocketOutput : Stream
{
    private readonly Socket socket;
    private readonly SafeSocketHandle handle;
    private readonly Action lost;

    /// <param name="socket">Connected; made non-blocking, which Kestrel's reads do not mind.</param>
    /// <param name="lost">Told when a write of the stream fails.</param>
    public SocketOutput(Socket socket, Action lost)
    {
        this.socket = socket;
        this.lost = lost;
        socket.Blocking = false;
        handle = socket.SafeHandle;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Sends all of it. One caller at a time.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sent = socket.Send(bytes.Span, SocketFlags.None, out var error);
        if (sent == bytes.Length) return ValueTask.CompletedTask;
        return error is SocketError.Success or SocketError.WouldBlock
            ? SendRestAsync(bytes[sent..])
            : ValueTask.FromException(new IOException($"the connection is lost ({error})"));
    }

    /// <summary>Sends what the kernel takes at once.</summary>
    /// <returns>The bytes sent; -1 when the connection is lost.</returns>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (SystemSend.IsSupported) return SystemSend.TrySend(handle, bytes);
            var sent = socket.Send(bytes, SocketFlags.None, out var error);
            return error is SocketError.Success or SocketError.WouldBlock ? sent : -1;
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    // What the web server writes by itself. It learns of a lost connection when it reads, and takes an exception here for a fault.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await SendAsync(buffer);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            lost();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> rest)
    {
        try
        {
            while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
        }
        catch (SocketException error)
        {
            throw new IOException($"the connection is lost ({error.SocketErrorCode})", error);
        }
    }
}
