using System.ComponentModel;
using System.Runtime.InteropServices;
using Trm.Core;

namespace Trm.Cli.Cluster;

/// <summary>What is done to a node's process once it runs.</summary>
internal static class NodeProcess
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Signals the process alone, which tells its own children.</summary>
    public static void Signal(ProcessIdentity process, NodeSignal signal) => Send(process, [process.Pid], signal);

    /// <summary>
    /// Signals the process and all below it, for signals that it does not get to see: a server that is killed or frozen alone
    /// would leave workers that go on.
    /// </summary>
    public static void SignalTree(ProcessIdentity process, NodeSignal signal)
    {
        if (signal == NodeSignal.Kill) Send(process, [process.Pid], NodeSignal.Pause); // It starts no new ones while they are counted.
        if (signal == NodeSignal.Pause) Send(process, [process.Pid], signal);
        Send(process, [.. ProcessTable.Descendants(process.Pid), process.Pid], signal);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Whether it came within the limit.</returns>
    public static Task<bool> EndsWithinAsync(ProcessIdentity process, TimeSpan limit, TimeProvider time, CancellationToken cancellation) =>
        BecomesAsync(process, NodeState.Dead, limit, time, cancellation);

    /// <summary>Waits for a state: a signal is sent at once and heard a little later.</summary>
    /// <returns>Whether it came within the limit, and before the process's end.</returns>
    public static async Task<bool> BecomesAsync(ProcessIdentity process, NodeState state, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (ProcessTable.StateOf(process) is var now && now != state)
        {
            if (now == NodeState.Dead || time.GetElapsedTime(began) >= limit) return false;
            await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
        }
        return true;
    }

    private static void Send(ProcessIdentity process, IReadOnlyList<int> pids, NodeSignal signal)
    {
        if (ProcessTable.StateOf(process) == NodeState.Dead) return;
        foreach (var pid in pids)
        {
            if (Kill(pid, (int)signal) == 0) continue;
            var error = Marshal.GetLastPInvokeError();
            if (error == NoSuchProcess) continue;
            throw new TrmException("signal_failed", $"process {pid} cannot be signalled ({new Win32Exception(error).Message}); do it as the user who started the cluster");
        }
    }

    private const int NoSuchProcess = 3;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
