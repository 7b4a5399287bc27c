using System.Globalization;

namespace Trm.Cli.Cluster;

/// <summary>What Linux says of processes: <c>/proc</c>.</summary>
internal static class ProcessTable
{
    // Counted after the name, which may hold spaces and brackets (proc(5), fields 3, 4 and 22).
    private const int State = 0;
    private const int Parent = 1;
    private const int Threads = 17;
    private const int Start = 19;

    /// <summary>The process that has this number now; null when none has, or it has ended and only waits to be collected.</summary>
    public static ProcessIdentity? Identify(int pid) =>
        Read(pid) is { } stat ? new ProcessIdentity(pid, Number(stat[Start]), Boot) : null;

    /// <summary>How a process is.</summary>
    public static NodeState StateOf(ProcessIdentity process) =>
        Read(process.Pid) is { } stat && Number(stat[Start]) == process.StartTicks && process.Boot == Boot
            ? stat[State] is "T" or "t" ? NodeState.Frozen : NodeState.Running
            : NodeState.Dead;

    /// <summary>Memory in RAM, in bytes; null when it is gone.</summary>
    public static long? ResidentBytes(ProcessIdentity process)
    {
        if (StateOf(process) == NodeState.Dead || ReadFile($"/proc/{process.Pid}/status") is not { } status) return null;
        var line = status.Split('\n').FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? null : Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
    }

    /// <summary>Whether a process of this number has ended and waits for its parent to take note: it runs no more, and its number is not free.</summary>
    public static bool IsUncollected(int pid) => ReadFile($"/proc/{pid}/stat") is { } text && HasEnded(FieldsOf(text));

    /// <summary>The processes that work in a folder or below it, as far as we may know.</summary>
    public static IReadOnlyList<int> WorkingIn(string folder) => [.. Pids().Where(pid =>
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget is { } at && (at == folder || at.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    /// <summary>The processes that have a file open, as far as we may know.</summary>
    public static IReadOnlyList<int> HoldingOpen(string file) => [.. Pids().Where(pid =>
    {
        try
        {
            return new DirectoryInfo($"/proc/{pid}/fd").EnumerateFiles().Any(open => open.LinkTarget == file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    /// <summary>What a process was started with, program first; empty when it is gone.</summary>
    public static IReadOnlyList<string> CommandLine(int pid) => ReadFile($"/proc/{pid}/cmdline")?.Split('\0', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Its children, their children, and so on.</summary>
    public static IReadOnlyList<int> Descendants(int pid)
    {
        var children = Pids()
            .Select(id => (Id: id, Stat: Read(id)))
            .Where(p => p.Stat is not null)
            .ToLookup(p => (int)Number(p.Stat![Parent]), p => p.Id);
        var found = new List<int>(children[pid]);
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]]);
        return found;
    }

    private static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    private static string Boot { get; } = ReadFile("/proc/sys/kernel/random/boot_id")?.Trim() ?? "";

    private static string[]? Read(int pid)
    {
        if (ReadFile($"/proc/{pid}/stat") is not { } text) return null;
        var fields = FieldsOf(text);
        return HasEnded(fields) ? null : fields;
    }

    // The first thread may have ended while others still hold the ports and files of them all.
    private static bool HasEnded(string[] fields) => fields[State] is "X" || (fields[State] is "Z" && Number(fields[Threads]) <= 1);

    private static string[] FieldsOf(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // A process that ends between two looks is one that is not there.
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
