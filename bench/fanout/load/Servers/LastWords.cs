namespace Trm.Bench.FanOut.Servers;

/// <summary>What a server said on its error output before it ended: why, if it knew.</summary>
internal sealed class LastWords
{
    private const int Kept = 100;
    private const int Told = 6;

    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();

    public void Add(string line)
    {
        lock (gate)
        {
            lines.Enqueue(line.Trim());
            if (lines.Count > Kept) lines.Dequeue();
        }
    }

    /// <summary>An exception and where it came from, or the last line; after ": ", or nothing.</summary>
    public string Tell()
    {
        lock (gate)
        {
            string[] all = [.. lines];
            var fatal = Array.FindIndex(all, l => l.StartsWith("Unhandled exception", StringComparison.Ordinal) || l.StartsWith("Fatal error", StringComparison.Ordinal));
            var told = fatal < 0 ? all.TakeLast(1) : all.Skip(fatal).Take(Told);
            return all.Length == 0 ? "" : $": {string.Join(" ", told)}";
        }
    }
}
