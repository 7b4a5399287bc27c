using System.Globalization;

namespace Trm.Bench.Chaos.Cluster;

/// <summary>What <c>/proc</c> says of a process.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">Its parent's.</param>
/// <param name="IsEnded">It has ended, and waits for its parent to take note.</param>
/// <param name="CpuTicks">Processor time used, in hundredths of a second.</param>
/// <param name="StartTicks">When it started: with the number it is one process and no other.</param>
internal sealed record LinuxProcess(int Pid, int Parent, bool IsEnded, long CpuTicks, long StartTicks)
{
    /// <summary>Ticks a second, on every Linux that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    public static bool IsAlive(int pid) => TryRead(pid) is { IsEnded: false };

    /// <summary>A process; null when there is none of that number.</summary>
    public static LinuxProcess? TryRead(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        // Counted after the name, which may hold spaces and brackets: proc(5), fields 3, 4, 14, 15 and 22.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new LinuxProcess(pid, (int)Number(fields[1]), fields[0] is "Z" or "X", Number(fields[11]) + Number(fields[12]), Number(fields[19]));
    }

    /// <summary>Every process there is.</summary>
    public static IEnumerable<LinuxProcess> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? TryRead(pid) : null)
        .OfType<LinuxProcess>();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
