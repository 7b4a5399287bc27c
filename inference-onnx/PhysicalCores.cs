namespace Trm.Inference.Onnx;

/// <summary>How many threads one prediction is worth: two on one core share its arithmetic and gain nothing.</summary>
internal static class PhysicalCores
{
    private const string Topology = "/sys/devices/system/cpu";
    private const int Most = 8;

    /// <summary>Physical cores that this process may use, 1 to 8; logical ones where the system does not say.</summary>
    public static int Count() => Math.Clamp(Math.Min(Environment.ProcessorCount, Cores(Topology) ?? int.MaxValue), 1, Most);

    /// <summary>Cores of Linux' topology folder: processors of one core name the same siblings.</summary>
    internal static int? Cores(string folder)
    {
        try
        {
            var siblings = Directory.EnumerateDirectories(folder, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return siblings == 0 ? null : siblings;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
