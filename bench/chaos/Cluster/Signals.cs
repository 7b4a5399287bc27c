using System.ComponentModel;
using System.Runtime.InteropServices;
using Trm.Core;

namespace Trm.Bench.Chaos.Cluster;

/// <summary>Linux' signals by number.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <exception cref="TrmException">The process is not there, or is not ours.</exception>
    public static void Send(int pid, int signal)
    {
        if (Deliver(pid, signal) != 0)
            throw new TrmException("signal_failed", $"process {pid} cannot be signalled ({new Win32Exception(Marshal.GetLastPInvokeError()).Message})");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Deliver(int pid, int signal);
}
