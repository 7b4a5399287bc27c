using System.Globalization;

namespace Trm.Bench.FanOut.Net;

/// <summary>The server has one core and the load another, so that neither takes the other's time.</summary>
internal static unsafe class Cores
{
    public const int OfServer = 0;
    public const int OfLoad = 1;

    private const string TaskSet = "/usr/bin/taskset";

    /// <summary>False on a machine with one core, or without taskset.</summary>
    public static bool CanSeparate { get; } = Environment.ProcessorCount > 1 && File.Exists(TaskSet);

    /// <summary>A command line on the server's core.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) OnServerCore(string program, IReadOnlyList<string> arguments) => CanSeparate
        ? (TaskSet, ["-c", OfServer.ToString(CultureInfo.InvariantCulture), program, .. arguments])
        : (program, arguments);

    /// <summary>Puts this process on the load's core: the threads there are, whose offspring will be there too.</summary>
    public static void TakeLoadCore()
    {
        if (!CanSeparate) return;
        var mask = 1UL << OfLoad;
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            // One that has just ended is of no interest.
            _ = Libc.SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), sizeof(ulong), &mask);
        }
    }
}
