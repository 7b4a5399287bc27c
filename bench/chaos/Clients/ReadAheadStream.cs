using System.Net.Sockets;

namespace Trm.Bench.Chaos.Clients;

/// <summary>
/// A socket that is read in large pieces: a WebSocket asks for a header and then for its message, and that would be two calls of
/// the system for each of many thousand messages a second.
/// </summary>
internal sealed class ReadAheadStream(Socket socket) : Stream
{
    private readonly NetworkStream inner = new(socket, ownsSocket: true);
    private readonly byte[] buffer = new byte[32 * 1024];
    private int start;
    private int end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        // Of no length: a caller that waits until there is something.
        if (destination.Length == 0) return start < end ? ValueTask.FromResult(0) : inner.ReadAsync(destination, cancellationToken);
        return start < end ? ValueTask.FromResult(Take(destination.Span)) : FillAsync(destination, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => inner.WriteAsync(source, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] destination, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => inner.Write(source, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> FillAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        (start, end) = (0, await inner.ReadAsync(buffer, cancellation).ConfigureAwait(false));
        return Take(destination.Span);
    }

    private int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }
}
