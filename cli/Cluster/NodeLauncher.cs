using System.Diagnostics;

namespace Trm.Cli.Cluster;

/// <summary>Starts processes that outlive this one: a session of their own, no terminal, output into a log.</summary>
internal static class NodeLauncher
{
    // Each exec keeps the process, and so the number that .NET knows. setsid leaves the terminal's Ctrl-C and hang-up behind.
    private const string Detached = """log=$1; shift; exec setsid "$@" </dev/null >>"$log" 2>&1""";

    /// <summary>Starts a node.</summary>
    /// <param name="program">What it runs.</param>
    /// <param name="environment">What it has besides the environment of this program, whose own settings it does not get.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="log">What it prints is appended here.</param>
    /// <returns>Its process; null when it ended at once.</returns>
    public static ProcessIdentity? Start(NodeProgram program, IEnumerable<KeyValuePair<string, string>> environment, string folder, string log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Detached, "sh", log, .. program.Command])
        {
            WorkingDirectory = folder,
            // Not used, but .NET readies the terminal for a child that shares it.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith(ClusterKeys.Prefix, StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        return ProcessTable.Identify(process.Id);
    }
}
