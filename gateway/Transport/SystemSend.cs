using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Trm.Gateway.Transport;

/// <summary>
/// Linux's own <c>send</c>. <see cref="Socket.Send(ReadOnlySpan{byte})"/> looks at four objects of a socket on the way to the
/// same system call; with thousands of sockets in turn each of them is a line from memory.
/// </summary>
internal static partial class SystemSend
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int WouldBlock = 11;

    /// <summary>Flags and error numbers are Linux's.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>Sends what the kernel takes at once.</summary>
    /// <returns>The bytes sent, 0 when there is no room; -1 when the connection is lost.</returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static int TrySend(SafeSocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        var sent = (int)Send(socket, bytes, bytes.Length, DontWait | NoSignal);
        return sent >= 0 ? sent : Marshal.GetLastPInvokeError() == WouldBlock ? 0 : -1;
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);
}
