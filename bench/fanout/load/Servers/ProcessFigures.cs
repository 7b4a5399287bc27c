using System.Globalization;
using Trm.Bench.Chaos.Cluster;

namespace Trm.Bench.FanOut.Servers;

/// <summary>What the system says of a process.</summary>
internal readonly record struct ProcessFigures(int Pid)
{
    private static readonly char[] Separators = [':', ' '];

    public static ProcessFigures Own => new(Environment.ProcessId);

    /// <summary>Seconds of processor time since it started, to a hundredth.</summary>
    public double CpuSeconds => (LinuxProcess.TryRead(Pid)?.CpuTicks ?? 0) / LinuxProcess.TicksPerSecond;

    /// <summary>Memory in use: resident, and of that what is its own alone.</summary>
    public Memory Memory
    {
        get
        {
            // Field by field as proc(5) has it: "Rss:   123 kB".
            var fields = File.ReadLines($"/proc/{Pid}/smaps_rollup").Skip(1)
                .Select(line => line.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
                .ToDictionary(words => words[0], words => 1024 * long.Parse(words[1], CultureInfo.InvariantCulture));
            return new Memory(fields["Rss"], fields["Private_Clean"] + fields["Private_Dirty"]);
        }
    }
}
