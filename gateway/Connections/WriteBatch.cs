using System.Buffers;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// What goes to a socket in one write: one message as it is, or several that waited, one behind the other. Kept only from
/// taking them to the end of the write, so that an idle client holds no buffer.
/// </summary>
internal sealed class WriteBatch
{
    private const int Limit = 32 * 1024;

    [ThreadStatic]
    private static WriteBatch? spare;

    private readonly List<PredictionFrame> live = [];
    private FrameFormat format;
    private ReadOnlyMemory<byte> single;
    private byte[]? buffer;
    private int length;

    private WriteBatch()
    {
    }

    /// <summary>Messages in it.</summary>
    public int Count { get; private set; }

    /// <summary>Those whose latency counts.</summary>
    public IReadOnlyList<PredictionFrame> Live => live;

    public ReadOnlyMemory<byte> Bytes => buffer is null ? single : buffer.AsMemory(0, length);

    public static WriteBatch Rent(FrameFormat format)
    {
        var batch = spare ?? new WriteBatch();
        spare = null;
        batch.format = format;
        return batch;
    }

    /// <summary>Whether another message may be added.</summary>
    public bool HasRoom => length < Limit;

    /// <param name="item">A message, or the rest of one.</param>
    public void Add(OutboxItem item)
    {
        var bytes = item.Frame is { } frame ? frame.Bytes(format) : item.Rest;
        if (length == 0)
        {
            single = bytes;
            length = bytes.Length;
        }
        else
        {
            Append(bytes);
        }
        if (item.Frame is not null) Count++;
        if (item.IsLive && item.Frame is PredictionFrame prediction) live.Add(prediction);
    }

    public void Return()
    {
        if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
        single = default;
        length = 0;
        Count = 0;
        live.Clear();
        spare = this;
    }

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        if (buffer is null)
        {
            buffer = ArrayPool<byte>.Shared.Rent(Math.Max(2 * Limit, single.Length + bytes.Length));
            single.CopyTo(buffer);
        }
        else if (buffer.Length < length + bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length + bytes.Length);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        bytes.CopyTo(buffer.AsMemory(length));
        length += bytes.Length;
    }
}
