namespace Trm.Cli.Cluster;

/// <summary>The end of what a node printed.</summary>
internal static class NodeLog
{
    private const int Lines = 12;
    private const long Bytes = 16 * 1024;

    /// <summary>Where the next run's output will begin.</summary>
    public static long End(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The last lines after a position.</summary>
    public static IReadOnlyList<string> Tail(string path, long from)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Clamp(stream.Length - Bytes, from, Math.Max(from, stream.Length));
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.TakeLast(Lines)];
    }
}
