using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Trm.Bench.FanOut.Net;

/// <summary>TCP sockets as bare file descriptors: a client then costs the kernel's memory and a small object.</summary>
internal static unsafe class NonBlockingSocket
{
    private const int Inet = 2;
    private const int Stream = 1;
    private const int NonBlock = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int ErrorOption = 4;
    private const int ReceiveBufferOption = 8;
    private const int LingerOption = 13;
    private const int IpLevel = 0;
    private const int BindAddressNoPortOption = 24;
    private const int NoSignal = 0x4000;

    /// <summary>Begins to connect.</summary>
    /// <param name="server">An IPv4 address.</param>
    /// <param name="source">Connects from this one: an address has 28,000 ports to one server.</param>
    /// <param name="receiveBuffer">Bytes; 0 leaves it to the system.</param>
    /// <exception cref="NetworkException">There is no file descriptor or port left.</exception>
    public static int Connect(IPEndPoint server, IPAddress source, int receiveBuffer)
    {
        var fd = Libc.Socket(Inet, Stream | NonBlock | CloseOnExec, 0);
        if (fd < 0) throw NetworkException.Last("a socket cannot be made");
        if (receiveBuffer > 0) SetOption(fd, SocketLevel, ReceiveBufferOption, receiveBuffer);
        SetOption(fd, IpLevel, BindAddressNoPortOption, 1);
        var address = stackalloc byte[16];
        Write(address, source, 0);
        if (Libc.Bind(fd, address, 16) == 0)
        {
            Write(address, server.Address, server.Port);
            if (Libc.Connect(fd, address, 16) == 0 || Marshal.GetLastPInvokeError() == Libc.InProgress) return fd;
        }
        var error = Marshal.GetLastPInvokeError();
        _ = Libc.Close(fd);
        throw new NetworkException($"{server} cannot be connected to from {source}", error);
    }

    /// <summary>How a connect ended: 0, or the error's number.</summary>
    public static int TakeError(int fd)
    {
        var (error, length) = (0, sizeof(int));
        return Libc.GetOption(fd, SocketLevel, ErrorOption, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <returns>Bytes; 0 at the end; null when there are none now; minus the error's number when the connection is lost.</returns>
    public static int? Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var count = Libc.Receive(fd, start, buffer.Length, 0);
            if (count >= 0) return (int)count;
        }
        return Marshal.GetLastPInvokeError() is var error && error is Libc.Again or Libc.Interrupted ? null : -error;
    }

    /// <returns>How many bytes went; less than all when the connection is full or lost.</returns>
    public static int Send(int fd, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data) return (int)Math.Max(0, Libc.Send(fd, start, data.Length, NoSignal));
    }

    /// <summary>Ends the connection with a reset, as that of a process that dies with unread data: no port stays taken.</summary>
    public static void Reset(int fd)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetOption(fd, SocketLevel, LingerOption, linger, 2 * sizeof(int));
        _ = Libc.Close(fd);
    }

    /// <summary>Ends the connection as a program does that ends well.</summary>
    public static void Close(int fd) => _ = Libc.Close(fd);

    private static void SetOption(int fd, int level, int name, int value) => _ = Libc.SetOption(fd, level, name, &value, sizeof(int));

    private static void Write(byte* target, IPAddress address, int port)
    {
        var bytes = new Span<byte>(target, 16);
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Inet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        _ = address.TryWriteBytes(bytes[4..8], out _);
    }
}
