using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Trm.Bench.FanOut.Net;

/// <summary>
/// Which of many sockets have something new, each known by a number of the caller's. It tells of news only (edge-triggered): to
/// look again at every socket that it told of before would cost as much as reading it.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 1_024;
    private const int AddOperation = 1;
    private const int ModifyOperation = 3;
    private const int CloseOnExec = 0x80000;
    private const uint EdgeTriggered = 1u << 31;

    // The kernel's structure is packed on x86-64 only.
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int Stride = IsPacked ? 12 : 16;
    private static readonly int DataAt = IsPacked ? 4 : 8;

    private readonly byte[] events = GC.AllocateArray<byte>(Capacity * Stride, pinned: true);
    private readonly int fd = Libc.EpollCreate(CloseOnExec);

    public void Add(int socket, Readiness awaited, int number) => Control(AddOperation, socket, awaited, number);

    public void Change(int socket, Readiness awaited, int number) => Control(ModifyOperation, socket, awaited, number);

    /// <summary>Waits until a socket has something; a socket that is closed leaves by itself.</summary>
    /// <returns>How many have something; see <see cref="this[int]"/>.</returns>
    public int Wait(int milliseconds)
    {
        fixed (byte* start = events)
        {
            var count = Libc.EpollWait(fd, start, Capacity, milliseconds);
            if (count >= 0) return count;
        }
        return Marshal.GetLastPInvokeError() == Libc.Interrupted ? 0 : throw NetworkException.Last("sockets cannot be waited for");
    }

    /// <summary>What the last wait found.</summary>
    public (Readiness Ready, int Number) this[int index]
    {
        get
        {
            var entry = events.AsSpan(index * Stride, Stride);
            return ((Readiness)BinaryPrimitives.ReadUInt32LittleEndian(entry), (int)BinaryPrimitives.ReadUInt64LittleEndian(entry[DataAt..]));
        }
    }

    public void Dispose() => _ = Libc.Close(fd);

    private void Control(int operation, int socket, Readiness awaited, int number)
    {
        Span<byte> change = stackalloc byte[Stride];
        change.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(change, (uint)awaited | EdgeTriggered);
        BinaryPrimitives.WriteUInt64LittleEndian(change[DataAt..], (ulong)number);
        fixed (byte* start = change)
        {
            if (Libc.EpollControl(fd, operation, socket, start) != 0) throw NetworkException.Last("a socket cannot be waited for");
        }
    }
}
